// The recorded seasons: of each something else was recorded, and what was not, its source does not offer.

import type { League, PartialLeague } from "./league.ts";
import { season2017 } from "./recorded/season-2017-18.ts";
import { season2023 } from "./recorded/season-2023-24.ts";
import { season2025 } from "./recorded/season-2025-26.ts";

const SEASONS: Readonly<Record<string, (dir: string) => PartialLeague>> = {
  "2025-26": season2025,
  "2023-24": season2023,
  "2017-18": season2017,
};

/**
 * A recorded season, that of 2025-26 by default, from the folders in `dir`.
 * Throws when there is no such season, or its folder is not there.
 */
export function recordedLeague(dir: string, options?: { readonly season?: "2025-26" }): League;
export function recordedLeague(dir: string, options: { readonly season: string }): PartialLeague;
export function recordedLeague(dir: string, { season = "2025-26" }: { season?: string } = {}): PartialLeague {
  const read = SEASONS[season];
  if (read === undefined)
    throw new Error(`season ${season} was not recorded: choose one of ${Object.keys(SEASONS).join(", ")}`);
  return read(dir);
}
