// Publishes the slate of a day: its games, our predictions, and the lines on each player. Halted, it says why.

import { optional, processor } from "headworks";
import { envelope } from "../publish/envelope.ts";
import { gather } from "../publish/gather.ts";
import { toParquet } from "../publish/parquet.ts";
import { publications, publish } from "../publish/publications.ts";
import { slateColumns, slateHalt, slateOf, slateRows } from "../publish/slate.ts";
import { days, season } from "../season.ts";
import { games, gamesDaily } from "./games.ts";
import { nameMatches, nameMatchesDaily } from "./name-matches.ts";
import { players, playersReference } from "./players.ts";
import { praPredictions, praPredictionsDaily } from "./pra-predictions.ts";
import { propLines, propLinesDaily } from "./prop-lines.ts";
import { recordedPlayers, recordedPlayersReference } from "./recorded-players.ts";
import { recordedPredictionsDaily } from "./recorded-predictions.ts";

export const slateDaily = processor("slate", {
  phase: "publish",
  criticality: "critical",
  // It takes what there is, once that is settled in any way: what is missing halts it, with a reason, and fails nothing.
  needs: [
    optional(gamesDaily),
    optional(praPredictionsDaily),
    optional(recordedPredictionsDaily),
    optional(propLinesDaily),
    optional(nameMatchesDaily),
    optional(playersReference),
    optional(recordedPlayersReference),
  ],
  partitions: days,
  expect: { min: 1, max: 1 },
  expectedBy: { days: 1, at: "08:00" },
  output: publications,
  async run(ctx) {
    const day = ctx.partition;
    const on = { date: day };
    const there = gather(ctx);
    const known = {
      games: ctx.has(games) ? await there.rows(games, on) : undefined,
      predictions: await there.rows(praPredictions, on),
    };
    const lines = await there.rows(propLines, on);
    const playerOf = new Map((await there.rows(nameMatches, on)).map((row) => [lineKey(row), row.player_id]));
    const offers = lines.flatMap((line) => {
      const player_id = playerOf.get(lineKey(line));
      return player_id === undefined ? [] : { ...line, player_id };
    });
    const listed = [...(await there.rows(recordedPlayers)), ...(await there.rows(players))];
    const names = new Map(listed.map(({ player_id, name }) => [player_id, name]));

    const slate = slateOf({ day, ...known, offers, names });
    const can = { predict: ctx.has(praPredictions), trust: await ctx.isSettled(praPredictions) };
    const reason = slateHalt(known, can);
    const head = {
      schema: "slate/1",
      season: season.name,
      generatedFor: day,
      without: there.without,
    } as const;
    const rows = slateRows(day, slate);
    await publish(ctx, [
      {
        name: `slates/${day}`,
        envelope: envelope(head, { games: slate }, reason),
        games: slate.filter((game) => game.players.length > 0).length,
        players: known.predictions.length,
        parquet: toParquet(rows, slateColumns, { schema: head.schema, status: reason ?? "published" }),
      },
    ]);
    ctx.metric("slate.offers_unplaced", offers.length - rows.filter((row) => row.line !== null).length);
  },
});

function lineKey(line: { event_id: string; bookmaker: string; player_name: string }): string {
  return [line.event_id, line.bookmaker, line.player_name].join("\n");
}
