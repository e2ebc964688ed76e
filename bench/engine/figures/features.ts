// What each thing that Headworks keeps costs: a loop by hand with one more each, then Headworks without and with limits.

import { spreadOf } from "../../spread.ts";
import { bareByFeature } from "../contenders/bare-same-rows.ts";
import { headworks, headworksLimited } from "../contenders/headworks.ts";
import type { Figure } from "../figure.ts";
import type { Work } from "../measurements/work.ts";
import { inRounds, ratiosOf } from "../rounds.ts";

const TASKS = 15_000;
/** In the order of what they do; `--only` doesn't choose among them. */
const WAYS = [...bareByFeature, headworks, headworksLimited];

export const features: Figure = {
  name: "features",
  title: "What each feature costs",
  rounds: 3,
  async measure(run) {
    const tasks = Math.round(TASKS * run.scale);
    const works = await inRounds(
      run,
      WAYS,
      (way) => run.processes.measure(way, "work", { tasks }),
      (work) => `${Math.round(rateOf(work)).toLocaleString("en")} tasks/s`,
    );
    return {
      name: this.name,
      title: this.title,
      rounds: run.rounds,
      about:
        "Loops by hand on Headworks' own tables, from a claim and a delete to all that it writes, without and with the " +
        "indexes by which it finds tasks and runs, and to a queue with limits that are never reached; then Headworks itself on an open and on a limited queue. Ratios are to the first loop.",
      columns: [
        { key: "way", title: "way" },
        { key: "keeps", title: "keeps" },
        { key: "rate", title: "tasks/s" },
        { key: "ratio", title: "÷ the first", digits: 2 },
        { key: "nodeCpu", title: "CPU ms per 1,000 tasks: Node", digits: 1 },
        { key: "serverCpu", title: "server", digits: 1 },
      ],
      rows: WAYS.map(({ name, keeps }) => {
        const measured = works.get(name) ?? [];
        return {
          way: name,
          keeps,
          rate: spreadOf(measured.map(rateOf)),
          ratio: ratiosOf(works, name, "bare-task-only", rateOf),
          nodeCpu: spreadOf(measured.map(({ nodeCpu }) => (1e6 * nodeCpu) / tasks)),
          serverCpu: spreadOf(measured.map(({ serverCpu }) => (1e6 * serverCpu) / tasks)),
        };
      }),
    };
  },
};

function rateOf({ tasks, seconds }: Work): number {
  return tasks / seconds;
}
