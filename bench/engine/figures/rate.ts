// How exactly a queue's rate is kept under load.

import { spreadOf } from "../../spread.ts";
import { headworks } from "../contenders/headworks.ts";
import type { Cell, Figure } from "../figure.ts";
import { inRounds } from "../rounds.ts";

const RATES = [50, 500, 2_000];
/** Beyond the burst. */
const SECONDS = 3;

export const rate: Figure = {
  name: "rate",
  title: "Dispatch rate under load",
  rounds: 3,
  async measure(run) {
    const rows: Record<string, Cell>[] = [];
    for (const limit of RATES) {
      const options = { rate: limit, seconds: SECONDS * run.scale };
      const rounds = await inRounds(
        run,
        [headworks],
        (contender) => run.processes.measure(contender, "rate", options),
        (kept) => `${kept.rate.toFixed(1)}/s of ${limit}/s`,
      );
      const measured = rounds.get(headworks.name) ?? [];
      rows.push({
        limit,
        rate: spreadOf(measured.map((kept) => kept.rate)),
        share: spreadOf(measured.map((kept) => (100 * kept.rate) / limit)),
        excess: Math.max(...measured.map(({ excess }) => excess)),
      });
    }
    return {
      name: this.name,
      title: this.title,
      rounds: run.rounds,
      about:
        "A queue with maxDispatchesPerSecond and the maxBurstSize that goes with it, a second's worth, while the same runner " +
        "is busy with 1,000 tasks/s of a queue without limits. By the database's clock at claim. The excess is the number of claims by which any window went over " +
        "rate × window + burst.",
      columns: [
        { key: "limit", title: "limit /s" },
        { key: "rate", title: "kept /s", digits: 1 },
        { key: "share", title: "% of the limit", digits: 1 },
        { key: "excess", title: "excess" },
      ],
      rows,
    };
  },
};
