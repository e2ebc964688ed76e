// What bookmakers offer on the points, rebounds and assists of the players of a day. Of a line that is there more than once
// the latest counts; the others are kept apart, so that every line of the source is accounted for.

import { dataset, noData, optional, processor, type RowInput } from "headworks";
import { z } from "zod";
import { days, season } from "../season.ts";
import { stats, statsQueue } from "../stats.ts";
import { games, gamesDaily } from "./games.ts";

const PropLinesResponse = z.object({
  lines: z.array(
    z.object({
      playerName: z.string(),
      eventId: z.string(),
      eventDate: z.string(),
      homeTeam: z.string(),
      awayTeam: z.string(),
      bookmaker: z.string(),
      line: z.number(),
      timestamp: z.string(),
      overPrice: z.number().nullable(),
      underPrice: z.number().nullable(),
    }),
  ),
});

/** American odds: `-115` stakes 115 to win 100, `105` stakes 100 to win 105. Null when none was offered. */
const price = z
  .int()
  .refine((odds) => Math.abs(odds) >= 100)
  .nullable();

const columns = z.object({
  date: z.iso.date(),
  /** The bookmakers' own id of the game. */
  event_id: z.string().min(1),
  bookmaker: z.string().min(1),
  /** As this bookmaker spells him. */
  player_name: z.string().min(1),
  /** Full names: `Denver Nuggets`. */
  home_team: z.string().min(1),
  away_team: z.string().min(1),
  line: z.number().positive().multipleOf(0.5),
  over_price: price,
  under_price: price,
  /** When the bookmaker offered it. */
  timestamp: z.iso.datetime(),
});

const key = ["date", "event_id", "bookmaker", "player_name"] as const;

export const propLines = dataset("prop_lines", { schema: columns, key });

/** What an earlier, or just another, line of the same bookmaker on the same player said; `copy` counts them from 1. */
const propLineDuplicates = dataset("prop_line_duplicates", {
  schema: columns.extend({ copy: z.int() }),
  key: [...key, "copy"],
});

type Line = RowInput<typeof propLines>;

export const propLinesDaily = processor("prop_lines", {
  phase: "raw",
  criticality: "high",
  needs: [optional(gamesDaily)],
  partitions: days,
  expect: async (ctx) =>
    (await ctx.isSettled(games))
      ? season.fewestLinesPerGame * (await ctx.read(games).count({ date: ctx.partition }))
      : undefined,
  expectedBy: { days: 1, at: "03:00" },
  hardTimeout: "1m",
  recheckEvery: season.recheckEvery,
  giveUpAfter: season.giveUpAfter,
  queue: statsQueue,
  output: [propLines, propLineDuplicates],
  async run(ctx) {
    const { lines } = await ctx.http(stats).json(`/prop-lines?date=${ctx.partition}`, PropLinesResponse);
    if (lines.length === 0) return noData("no lines that day");
    const { latest, others } = latestOf(lines.map(lineOf));
    await ctx.write(propLines, latest);
    await ctx.write(propLineDuplicates, others);
    ctx.metric("prop_lines.duplicates", others.length, { season: season.name });
    return undefined;
  },
});

/** Of the lines with one key, the latest, and the others in order of time. */
function latestOf(lines: readonly Line[]): { latest: Line[]; others: (Line & { copy: number })[] } {
  const groups = Map.groupBy(lines, (line) => key.map((column) => line[column]).join("\n"));
  const latest: Line[] = [];
  const others: (Line & { copy: number })[] = [];
  for (const group of groups.values()) {
    const inTime = group.toSorted((a, b) =>
      a.timestamp < b.timestamp ? -1 : Number(a.timestamp > b.timestamp),
    );
    latest.push(...inTime.slice(-1));
    others.push(...inTime.slice(0, -1).map((line, index) => ({ ...line, copy: index + 1 })));
  }
  return { latest, others };
}

function lineOf(line: z.output<typeof PropLinesResponse>["lines"][number]): Line {
  return {
    date: line.eventDate,
    event_id: line.eventId,
    bookmaker: line.bookmaker,
    player_name: line.playerName,
    home_team: line.homeTeam,
    away_team: line.awayTeam,
    line: line.line,
    over_price: line.overPrice,
    under_price: line.underPrice,
    timestamp: line.timestamp,
  };
}
