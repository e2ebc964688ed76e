// The final standings as a file that a site can serve.

import { every, need, processor } from "headworks";
import { season } from "../season.ts";
import { standings, standingsDaily } from "./standings.ts";

export const standingsPage = processor("standings_page", {
  phase: "publish",
  needs: [need(standingsDaily, { partitions: every() })],
  async run(ctx) {
    const rows = await ctx.read(standings).rows({ date: season.lastDay }, { orderBy: ["rank"] });
    const page = { season: season.name, asOf: season.lastDay, standings: rows };
    await ctx.artifact("standings.json", `${JSON.stringify(page, null, 2)}\n`);
    return { records: rows.length };
  },
});
