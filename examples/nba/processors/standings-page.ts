// Publishes the final standings.

import { every, need, optional, processor } from "headworks";
import { envelope } from "../publish/envelope.ts";
import { gather } from "../publish/gather.ts";
import { publications, publish } from "../publish/publications.ts";
import { season } from "../season.ts";
import { standings, standingsDaily } from "./standings.ts";

export const standingsPage = processor("standings_page", {
  phase: "publish",
  criticality: "normal",
  needs: [optional(need(standingsDaily, { partitions: every() }))],
  expect: { min: 1, max: 1 },
  output: publications,
  async run(ctx) {
    const there = gather(ctx);
    const final = await there.rows(standings, { date: season.lastDay });
    const rows = final.sort((a, b) => a.rank - b.rank);
    const reason = rows.length > 0 ? undefined : `there are no standings of ${season.lastDay}`;
    const head = { schema: "standings/1", season: season.name, generatedFor: season.lastDay } as const;
    await publish(ctx, [
      {
        name: "standings",
        envelope: envelope({ ...head, without: there.without }, { standings: rows }, reason),
        games: null,
        players: null,
      },
    ]);
  },
});
