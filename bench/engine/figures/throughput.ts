// No-op tasks per second, end to end: from the start of work to the last settlement, everything enqueued before.

import { spreadOf } from "../../spread.ts";
import type { Contender } from "../contender.ts";
import type { Figure, Run } from "../figure.ts";
import type { Work } from "../measurements/work.ts";
import { inRounds, ratiosOf } from "../rounds.ts";

const TASKS = 30_000;
/** The share of the tasks that a warm-up takes. */
const WARM_UP = 0.5;

export const throughput: Figure = {
  name: "throughput",
  title: "No-op tasks, end to end",
  rounds: 5,
  async measure(run) {
    const works = await inRounds(
      run,
      run.contenders,
      (contender, warmUp) => measureWork(run, contender, warmUp),
      (work) => `${Math.round(rateOf(work)).toLocaleString("en")} tasks/s`,
    );
    return {
      name: this.name,
      title: this.title,
      rounds: run.rounds,
      about:
        `${Math.round(TASKS * run.scale).toLocaleString("en")} tasks each in a fresh database, one process, from the ` +
        "start of work to the last settlement. CPU is that of the process that works and of all processes of the server.",
      columns: [
        { key: "contender", title: "contender" },
        { key: "rate", title: "tasks/s" },
        { key: "ratio", title: "Headworks ÷ it", digits: 2 },
        { key: "nodeCpu", title: "CPU ms per 1,000 tasks: Node", digits: 1 },
        { key: "serverCpu", title: "server", digits: 1 },
        { key: "keeps", title: "keeps of a task" },
      ],
      rows: run.contenders.map(({ name, keeps }) => {
        const measured = works.get(name) ?? [];
        return {
          contender: name,
          rate: spreadOf(measured.map(rateOf)),
          ratio: ratiosOf(works, "headworks", name, rateOf),
          nodeCpu: spreadOf(measured.map(({ nodeCpu, tasks }) => (1e6 * nodeCpu) / tasks)),
          serverCpu: spreadOf(measured.map(({ serverCpu, tasks }) => (1e6 * serverCpu) / tasks)),
          keeps,
        };
      }),
    };
  },
};

function measureWork(run: Run, contender: Contender, warmUp: boolean): Promise<Work> {
  const tasks = Math.round(TASKS * run.scale * (contender.share ?? 1) * (warmUp ? WARM_UP : 1));
  return run.processes.measure(contender, "work", { tasks });
}

function rateOf({ tasks, seconds }: Work): number {
  return tasks / seconds;
}
