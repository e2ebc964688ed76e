// One output that discovers many, and one that needs them all: from the start of work to the last settlement.

import { dynamic } from "../../../headworks/src/define/partition-sets.ts";
import { processor } from "../../../headworks/src/define/processor.ts";
import type { Contender, Place } from "../contender.ts";
import { openRunner } from "../contenders/headworks-runner.ts";
import { startMeter } from "../meter.ts";
import type { Work } from "./work.ts";

export async function measureFan(
  _contender: Contender,
  place: Place,
  { members }: { members: number },
): Promise<Work> {
  const keys = Array.from({ length: members }, (_, index) => `member-${index}`);
  const set = dynamic("members");
  const finder = processor("finder", {
    phase: "all",
    discovers: set,
    run: (context) => context.discover("members", keys),
  });
  const member = processor("member", { phase: "all", partitions: set, run: () => undefined });
  const summary = processor("summary", { phase: "all", needs: [member], run: () => undefined });
  const runner = await openRunner(place, [finder, member, summary]);
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
    if (runs !== members + 2) throw new Error(`${runs} runs for ${members + 2} outputs`);
    return { tasks: members, ...cost };
  } finally {
    await runner.close();
  }
}
