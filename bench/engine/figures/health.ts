// How long `headworks health` takes with a million runs in 30 days.

import { quantileOf, spreadOf } from "../../spread.ts";
import { headworks } from "../contenders/headworks.ts";
import type { Cell, Figure } from "../figure.ts";
import { orFailure } from "../rounds.ts";

const RUNS = 1_000_000;

export const health: Figure = {
  name: "health",
  title: "`headworks health`",
  rounds: 1,
  async measure(run) {
    const runs = Math.round(RUNS * run.scale);
    const measured = await orFailure(run, headworks, () =>
      run.processes.measure(headworks, "health", { runs }),
    );
    const rows: Record<string, Cell>[] = [];
    if (measured !== undefined) {
      for (const [what, times] of Object.entries(measured)) {
        rows.push({ what, milliseconds: spreadOf(times), p95: quantileOf(times, 0.95) });
      }
      run.progress(`${runs.toLocaleString("en")} runs measured`);
    }
    return {
      name: this.name,
      title: this.title,
      about:
        `${runs.toLocaleString("en")} runs of 39,600 outputs in 30 days, of 55 processors; three outputs in a hundred are wrong. ` +
        "Its queries alone, and the whole command from source as a process of its own.",
      columns: [
        { key: "what", title: "what" },
        { key: "milliseconds", title: "ms" },
        { key: "p95", title: "p95 ms" },
      ],
      rows,
    };
  },
};
