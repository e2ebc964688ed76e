// Publishes a page for every player who has played, and a list of them.

import { every, need, optional, processor } from "headworks";
import { envelope } from "../publish/envelope.ts";
import { gather } from "../publish/gather.ts";
import { playerPages } from "../publish/player-pages.ts";
import { publications, publish } from "../publish/publications.ts";
import { season } from "../season.ts";
import { actuals, actualsDaily } from "./actuals.ts";
import { praPredictions, praPredictionsDaily } from "./pra-predictions.ts";
import { recordedPredictionsDaily } from "./recorded-predictions.ts";

const EVERY_DAY = { partitions: every() };

export const playerPagesSeason = processor("player_pages", {
  phase: "publish",
  criticality: "normal",
  needs: [
    optional(need(actualsDaily, EVERY_DAY)),
    optional(need(praPredictionsDaily, EVERY_DAY)),
    optional(need(recordedPredictionsDaily, EVERY_DAY)),
  ],
  // The list, at least.
  expect: { min: 1 },
  output: publications,
  async run(ctx) {
    const there = gather(ctx);
    const played = await there.rows(actuals);
    const pages = playerPages(played, await there.rows(praPredictions));
    const head = { season: season.name, generatedFor: season.name, without: there.without };
    const index = pages.map(({ player_id, name, team, games }) => ({ player_id, name, team, games }));
    const reason = pages.length > 0 ? undefined : "nobody's games are known: the season has no box scores";
    await publish(ctx, [
      {
        name: "players/index",
        envelope: envelope({ schema: "players/1", ...head }, { players: index }, reason),
        games: null,
        players: pages.length,
      },
      ...pages.map((page) => ({
        name: `players/${page.player_id}`,
        envelope: envelope({ schema: "player/1", ...head }, page),
        games: page.games,
        players: 1,
      })),
    ]);
  },
});
