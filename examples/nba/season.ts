// The season that the pipeline runs, chosen by the environment, and the partitions that follow from it.

import { daily, dynamic, monthly, single, weekly } from "headworks";
import { recorded2017 } from "./seasons/recorded-2017-18.ts";
import { recorded2023 } from "./seasons/recorded-2023-24.ts";
import { recorded2025 } from "./seasons/recorded-2025-26.ts";
import { type Season, upTo } from "./seasons/season.ts";
import { simulated2025 } from "./seasons/simulated-2025-26.ts";

const SEASONS: Readonly<Record<string, Season>> = {
  "simulated 2025-26": simulated2025,
  "recorded 2025-26": recorded2025,
  "recorded 2023-24": recorded2023,
  "recorded 2017-18": recorded2017,
};

const { NBA_SOURCE = "simulated", NBA_SEASON = "2025-26", NBA_LAST_DAY } = process.env;

/** `NBA_SOURCE` and `NBA_SEASON` choose it; `NBA_LAST_DAY` cuts it short. */
export const season: Season = upTo(NBA_LAST_DAY, seasonNamed(`${NBA_SOURCE} ${NBA_SEASON}`));

// A day of the league begins and ends in New York.
const span = { timezone: "America/New_York", start: season.firstDay, end: season.lastDay };
export const days = daily(span);
export const weeks = weekly(span);
export const months = monthly(span);

/** The days that the second schedule knows of. */
export const logDays = daily({ ...span, end: earlier(season.lastLogDay, season.lastDay) });

/** Games are found out day by day, from the schedule. */
export const gamePartitions = dynamic("games", { within: days });

/** Teams are found out once, from the list of teams. */
export const teamPartitions = dynamic("teams", { within: single() });

function seasonNamed(name: string): Season {
  const found = SEASONS[name];
  if (found !== undefined) return found;
  throw new Error(
    `there is no season "${name}": set NBA_SOURCE and NBA_SEASON to one of ${Object.keys(SEASONS).join(", ")}`,
  );
}

function earlier(day: string | undefined, other: string): string {
  return day !== undefined && day < other ? day : other;
}
