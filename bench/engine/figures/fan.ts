// A fan-out and fan-in: one output discovers 10,000, and one needs them all.

import { spreadOf } from "../../spread.ts";
import { headworks } from "../contenders/headworks.ts";
import type { Figure } from "../figure.ts";
import { inRounds } from "../rounds.ts";

const MEMBERS = 10_000;

export const fan: Figure = {
  name: "fan",
  title: "Fan-out and fan-in",
  rounds: 3,
  async measure(run) {
    const members = Math.round(MEMBERS * run.scale);
    const rounds = await inRounds(
      run,
      [headworks],
      (contender) => run.processes.measure(contender, "fan", { members }),
      ({ seconds }) => `${seconds.toFixed(2)} s`,
    );
    const measured = rounds.get(headworks.name) ?? [];
    return {
      name: this.name,
      title: this.title,
      rounds: run.rounds,
      about:
        `One output discovers ${members.toLocaleString("en")}, each of which runs, and one that needs them all runs last: from ` +
        "the start of work to its settlement, with the planning of outputs, edges and tasks. No peer has partitions that are discovered.",
      columns: [
        { key: "contender", title: "contender" },
        { key: "seconds", title: "seconds", digits: 2 },
        { key: "rate", title: "members/s" },
        { key: "nodeCpu", title: "CPU s: Node", digits: 2 },
        { key: "serverCpu", title: "server", digits: 2 },
      ],
      rows: [
        {
          contender: headworks.name,
          seconds: spreadOf(measured.map(({ seconds }) => seconds)),
          rate: spreadOf(measured.map(({ tasks, seconds }) => tasks / seconds)),
          nodeCpu: spreadOf(measured.map(({ nodeCpu }) => nodeCpu)),
          serverCpu: spreadOf(measured.map(({ serverCpu }) => serverCpu)),
        },
      ],
    };
  },
};
