// One output that discovers many, and one that needs them all: from the start of work to the last settlement. Between the two,
// each of the many goes through a number of processors, the one letting the next go.

import { dynamic } from "../../../headworks/src/define/partition-sets.ts";
import { type Processor, processor } from "../../../headworks/src/define/processor.ts";
import type { Contender, Place } from "../contender.ts";
import { openRunner } from "../contenders/headworks-runner.ts";
import { startMeter } from "../meter.ts";
import type { Work } from "./work.ts";

export async function measureFan(
  _contender: Contender,
  place: Place,
  { members, steps }: { members: number; steps: number },
): Promise<Work> {
  const keys = Array.from({ length: members }, (_, index) => `member-${index}`);
  const set = dynamic("members");
  const finder = processor("finder", {
    phase: "all",
    discovers: set,
    run: (context) => context.discover("members", keys),
  });
  const chain: Processor[] = [];
  for (let step = 1; step <= steps; step++)
    chain.push(
      processor(`step_${step}`, {
        phase: "all",
        partitions: set,
        needs: chain.slice(-1),
        run: () => undefined,
      }),
    );
  const summary = processor("summary", { phase: "all", needs: chain.slice(-1), run: () => undefined });
  const runner = await openRunner(place, [finder, ...chain, summary]);
  try {
    const done = Promise.withResolvers<void>();
    let runs = 0;
    const used = startMeter(place);
    const working = await runner.start(({ run }) => {
      runs += 1;
      if (run.processor.name === "summary") done.resolve();
    });
    await done.promise;
    const cost = used();
    await working.stop();
    const outputs = members * steps + 2;
    if (runs !== outputs) throw new Error(`${runs} runs for ${outputs} outputs`);
    return { tasks: outputs, ...cost };
  } finally {
    await runner.close();
  }
}
