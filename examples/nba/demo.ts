// The demo: starts the source, then Headworks on the pipeline beside this file, until everything is settled.
// `npm start` (--stay) keeps both up afterward. What isn't an option of the demo goes to `headworks start`.

import { fileURLToPath } from "node:url";
import { type Demo, runDemo } from "headworks-example-kit/demo/run-demo.ts";
import { demoFaults } from "./demo-faults.ts";
import { type DemoOptions, readDemoOptions } from "./demo-options.ts";
import type { PartialLeague } from "./source/league.ts";
import { recordedLeague } from "./source/recorded.ts";
import { startSource } from "./source/server.ts";
import { simulateLeague } from "./source/simulated/simulate-league.ts";

const KEY = "demo-key-of-the-source";

function leagueOf({ source, season, seed }: DemoOptions): PartialLeague {
  if (source === "simulated") return simulateLeague({ seed, season });
  const beside = new URL("../../../shared/data", import.meta.url);
  return recordedLeague(process.env.HEADWORKS_RECORDED_DATA ?? fileURLToPath(beside), { season });
}

function demoOf(args: readonly string[]): Demo {
  const options = readDemoOptions(args);
  const { source, season, lastDay, dataDir, port, stay, forHeadworks } = options;
  const until = lastDay === undefined ? "" : `, to ${lastDay}`;
  return {
    title: `The ${source} season ${season}${until}`,
    folder: import.meta.dirname,
    folderName: "examples/nba",
    dataDir,
    port,
    faults: demoFaults(options.faults),
    startSource: (settings) => startSource({ ...settings, league: leagueOf(options), key: KEY }),
    environment: (url) => ({
      NBA_SOURCE: source,
      NBA_SEASON: season,
      NBA_SOURCE_URL: url,
      NBA_SOURCE_KEY: KEY,
      ...(lastDay !== undefined && { NBA_LAST_DAY: lastDay }),
    }),
    stay,
    forHeadworks,
  };
}

await runDemo(demoOf);
