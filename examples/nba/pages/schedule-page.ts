// Reads a month of games from a schedule page. What the page says of a game is in cells named by `data-stat`.

import { type HTMLElement, parse } from "node-html-parser";
import { z } from "zod";

/** `Tue, Oct 17, 2017` */
const PageDay = z.string().regex(/^\w{3}, \w{3} \d{1,2}, \d{4}$/);
/** `8:01p`, in New York. */
const PageTime = z.string().regex(/^\d{1,2}:\d{2}[ap]$/);
/** Empty until the game is over. */
const PagePoints = z.union([
  z.literal("").transform(() => null),
  z.string().regex(/^\d+$/).transform(Number),
]);

const PageRow = z.object({
  date_game: PageDay,
  game_start_time: PageTime,
  visitor_team_name: z.string().min(1),
  visitor_pts: PagePoints,
  home_team_name: z.string().min(1),
  home_pts: PagePoints,
});

interface PageGame {
  /** The instant in UTC. */
  starts_at: string;
  /** The day in New York. */
  date: string;
  home_team: string;
  away_team: string;
  home_points: number | null;
  away_points: number | null;
}

/**
 * The games of a page, none where it has no schedule. Throws a ZodError when a row of the schedule lacks a cell that is
 * relied on, or has something else in it: the page has changed.
 */
export function readSchedulePage(html: string): PageGame[] {
  return parse(html).querySelectorAll("table#schedule tbody tr").filter(isGame).map(gameOf);
}

/** A row of one cell is a heading, such as `Playoffs`. */
function isGame(row: HTMLElement): boolean {
  return row.querySelectorAll("th, td").length > 1;
}

function gameOf(row: HTMLElement): PageGame {
  const cells = row
    .querySelectorAll("th, td")
    .map((cell) => [cell.getAttribute("data-stat"), cell.text.trim()]);
  const game = PageRow.parse(Object.fromEntries(cells));
  const date = new Date(`${game.date_game} UTC`).toISOString().slice(0, 10);
  return {
    starts_at: instantIn(date, game.game_start_time),
    date,
    home_team: game.home_team_name,
    away_team: game.visitor_team_name,
    home_points: game.home_pts,
    away_points: game.visitor_pts,
  };
}

/** `2017-10-17` and `8:01p` in New York → `2017-10-18T00:01:00Z`. */
function instantIn(date: string, time: string): string {
  const [hour = 0, minute = 0] = time.slice(0, -1).split(":").map(Number);
  const clock = (hour % 12) + (time.endsWith("p") ? 12 : 0);
  const wall = Date.parse(`${date}T00:00:00Z`) + (clock * 60 + minute) * 60_000;
  return new Date(wall - offsetMs(wall)).toISOString().replace(".000Z", "Z");
}

const newYork = new Intl.DateTimeFormat("en", { timeZone: "America/New_York", timeZoneName: "longOffset" });

/** How far the clocks of New York are from UTC. They change at night, hours away from every game. */
function offsetMs(wall: number): number {
  const named = newYork.formatToParts(wall).find((part) => part.type === "timeZoneName")?.value ?? "";
  const [hours = 0, minutes = 0] = named.replace("GMT", "").split(":").map(Number);
  return (hours * 60 + Math.sign(hours) * minutes) * 60_000;
}
