// A fan-out and fan-in: one output discovers 10,000, and one needs them all; between them one run for each, or two in a row.

import { spreadOf } from "../../spread.ts";
import { headworks } from "../contenders/headworks.ts";
import type { Figure } from "../figure.ts";
import { inRounds } from "../rounds.ts";

const MEMBERS = 10_000;
const WAYS = [
  { steps: 1, between: "one run for each" },
  { steps: 2, between: "two, the first releases the second" },
];

export const fan: Figure = {
  name: "fan",
  title: "Fan-out and fan-in",
  rounds: 3,
  async measure(run) {
    const members = Math.round(MEMBERS * run.scale);
    const rows = [];
    for (const { steps, between } of WAYS) {
      const rounds = await inRounds(
        run,
        [headworks],
        (contender) => run.processes.measure(contender, "fan", { members, steps }),
        ({ seconds }) => `${between}: ${seconds.toFixed(2)} s`,
      );
      const measured = rounds.get(headworks.name) ?? [];
      rows.push({
        between,
        seconds: spreadOf(measured.map(({ seconds }) => seconds)),
        rate: spreadOf(measured.map(({ tasks, seconds }) => tasks / seconds)),
        nodeCpu: spreadOf(measured.map(({ nodeCpu }) => nodeCpu)),
        serverCpu: spreadOf(measured.map(({ serverCpu }) => serverCpu)),
      });
    }
    return {
      name: this.name,
      title: this.title,
      rounds: run.rounds,
      about:
        `One output discovers ${members.toLocaleString("en")}, and one that needs them all runs last: from the start of work to its ` +
        "settlement, with the planning of outputs, edges and tasks. No peer has partitions that are discovered.",
      columns: [
        { key: "between", title: "between the two" },
        { key: "seconds", title: "seconds", digits: 2 },
        { key: "rate", title: "runs/s" },
        { key: "nodeCpu", title: "CPU s: Node", digits: 2 },
        { key: "serverCpu", title: "server", digits: 2 },
      ],
      rows,
    };
  },
};
