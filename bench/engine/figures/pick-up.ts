// Pick-up latency of an idle queue: from the commit of a task to the start of its handler.

import { quantileOf, spreadOf } from "../../spread.ts";
import type { Figure } from "../figure.ts";
import { inRounds } from "../rounds.ts";

const TASKS = 100;

export const pickUp: Figure = {
  name: "pick-up",
  title: "Pick-up of an idle queue",
  rounds: 3,
  async measure(run) {
    const tasks = Math.round(TASKS * run.scale);
    const rounds = await inRounds(
      run,
      run.contenders,
      (contender) => run.processes.measure(contender, "pickUp", { tasks }),
      (latencies) => `p50 ${quantileOf(latencies, 0.5).toFixed(1)} ms`,
    );
    return {
      name: this.name,
      title: this.title,
      rounds: run.rounds,
      about:
        `${tasks} tasks a round, enqueued one by one with 10 to 20 ms between them; milliseconds from the moment the ` +
        "enqueuer knows of its commit to the start of the handler, in one process. p99 is over all rounds.",
      columns: [
        { key: "contender", title: "contender" },
        { key: "p50", title: "p50 ms", digits: 1 },
        { key: "p99", title: "p99 ms", digits: 1 },
        { key: "most", title: "most ms", digits: 1 },
      ],
      rows: run.contenders.map(({ name }) => {
        const measured = rounds.get(name) ?? [];
        return {
          contender: name,
          p50: spreadOf(measured.map((latencies) => quantileOf(latencies, 0.5))),
          p99: quantileOf(measured.flat(), 0.99),
          most: quantileOf(measured.flat(), 1),
        };
      }),
    };
  },
};
