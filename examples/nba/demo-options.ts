// The options of the demo: its own, and those that are passed on to Headworks.

import { parseArgs } from "node:util";
import { sortArguments } from "headworks-example-kit/demo/sort-arguments.ts";

const OPTIONS = {
  source: { type: "string", default: "simulated" },
  season: { type: "string", default: "2025-26" },
  full: { type: "boolean", default: false },
  "last-day": { type: "string" },
  seed: { type: "string", default: "1" },
  fault: { type: "string", multiple: true },
  port: { type: "string", default: "4610" },
  "data-dir": { type: "string" },
  stay: { type: "boolean", default: false },
} as const;

const SEASONS = { simulated: ["2025-26"], recorded: ["2025-26", "2023-24", "2017-18"] } as const;
/** Up to here there are games enough for the first models, and little enough to wait for. */
const LAST_DAY_OF_SLICE = "2025-12-14";
const FAULTS_OF_SLICE = ["late"];
const FAULTS_OF_SEASON = ["outage:2026-01-10..2026-01-12", "late"];

export interface DemoOptions {
  source: "simulated" | "recorded";
  season: string;
  /** Undefined: the whole season. */
  lastDay: string | undefined;
  /** Of the simulated league. */
  seed: number;
  /** What goes wrong at the source. */
  faults: readonly string[];
  port: number;
  /** Where everything is kept, from here. */
  dataDir: string;
  /** Whether everything stays up when the work is done. */
  stay: boolean;
  /** What isn't an option of the demo is one of `headworks start`. */
  forHeadworks: string[];
}

/** Reads the command line. Throws with a sentence when an option can't be used. */
export function readDemoOptions(args: readonly string[]): DemoOptions {
  const { own, forHeadworks } = sortArguments(args, OPTIONS);
  const { values } = parseArgs({ args: own, options: OPTIONS });
  const { source, season, full } = values;
  if (source !== "simulated" && source !== "recorded") {
    throw new Error(`--source ${source}: choose simulated or recorded`);
  }
  const seasons: readonly string[] = SEASONS[source];
  if (!seasons.includes(season)) throw new Error(`--season ${season}: choose ${seasons.join(" or ")}`);
  const isSlice = source === "simulated" && !full;
  const lastDay = values["last-day"] ?? (isSlice ? LAST_DAY_OF_SLICE : undefined);
  if (lastDay !== undefined && !/^\d{4}-\d{2}-\d{2}$/.test(lastDay)) {
    throw new Error(`--last-day ${lastDay}: write a day as YYYY-MM-DD`);
  }
  const usualFaults = isSlice ? FAULTS_OF_SLICE : FAULTS_OF_SEASON;
  return {
    source,
    season,
    lastDay,
    seed: Number(values.seed),
    faults: values.fault ?? (source === "simulated" ? usualFaults : []),
    port: Number(values.port),
    // Seasons don't mix: only that of the plain demo is where commands look by themselves.
    dataDir: values["data-dir"] ?? (isSlice ? ".headworks" : `.headworks/${source}-${season}`),
    stay: values.stay,
    forHeadworks,
  };
}
