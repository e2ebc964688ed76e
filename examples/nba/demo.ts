// The demo: starts the source, then Headworks on the pipeline beside this file, until everything is settled.
// `npm start` (--stay) keeps both up afterward. What isn't an option of the demo goes to `headworks start`.

import { type ChildProcess, spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { type DemoFault, demoFaults } from "./demo-faults.ts";
import { type DemoOptions, readDemoOptions } from "./demo-options.ts";
import type { PartialLeague } from "./source/league.ts";
import { recordedLeague } from "./source/recorded.ts";
import { type SourceServer, startSource } from "./source/server.ts";
import { simulateLeague } from "./source/simulated/simulate-league.ts";

const KEY = "demo-key-of-the-source";
const HEADWORKS = fileURLToPath(import.meta.resolve("headworks/bin/headworks.js"));

function leagueOf({ source, season, seed }: DemoOptions): PartialLeague {
  if (source === "simulated") return simulateLeague({ seed, season });
  const beside = new URL("../../../shared/data", import.meta.url);
  return recordedLeague(process.env.HEADWORKS_RECORDED_DATA ?? fileURLToPath(beside), { season });
}

/** On the usual port, so that a run can be repeated from the archive, which knows responses by their URL; else on any. */
async function startOnFreePort(options: DemoOptions, faults: readonly DemoFault[]): Promise<SourceServer> {
  const settings = { league: leagueOf(options), faults: faults.map(({ fault }) => fault), key: KEY };
  try {
    return await startSource({ ...settings, port: options.port });
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "EADDRINUSE")) throw error;
    return startSource(settings);
  }
}

function announce({ source, season, lastDay }: DemoOptions, url: string, faults: readonly DemoFault[]): void {
  const until = lastDay === undefined ? "" : `, to ${lastDay}`;
  console.error(`The ${source} season ${season}${until}: its source answers on ${url}`);
  for (const { fault, effect } of faults) console.error(`  with the fault ${fault.spec}: ${effect}`);
}

/** What the faults came to, once all is settled. */
function conclude({ dataDir }: DemoOptions, faults: readonly DemoFault[], isWhole: boolean): void {
  for (const { fault, spoilt } of faults.filter((each) => each.spoilt() > 0)) {
    const healed = isWhole ? ", and all that was expected is there nevertheless" : "";
    console.error(`The fault ${fault.spec} spoilt ${spoilt()} answers${healed}.`);
  }
  console.error(`To look around, in examples/nba: npx headworks health --data-dir ${dataDir}`);
}

function startHeadworks(options: DemoOptions, sourceUrl: string): ChildProcess {
  const until = options.stay ? [] : ["--until-settled"];
  const args = ["--apply-datasets", "--data-dir", options.dataDir, ...until, ...options.forHeadworks];
  return spawn(process.execPath, [HEADWORKS, "start", ...args], {
    cwd: import.meta.dirname,
    stdio: "inherit",
    env: {
      ...process.env,
      NBA_SOURCE: options.source,
      NBA_SEASON: options.season,
      NBA_SOURCE_URL: sourceUrl,
      NBA_SOURCE_KEY: KEY,
      ...(options.lastDay !== undefined && { NBA_LAST_DAY: options.lastDay }),
    },
  });
}

async function main(): Promise<void> {
  const options = readDemoOptions(process.argv.slice(2));
  const faults = demoFaults(options.faults);
  const source = await startOnFreePort(options, faults);
  announce(options, source.url, faults);
  const headworks = startHeadworks(options, source.url);
  // A Ctrl-C reaches Headworks by itself, since it shares the terminal; it drains, and the demo ends with it.
  process.on("SIGINT", () => undefined);
  process.on("SIGTERM", () => headworks.kill("SIGTERM"));
  headworks.once("exit", (code, signal) => {
    process.exitCode = code ?? (signal === "SIGINT" ? 130 : 1);
    if (!options.stay && signal === null) conclude(options, faults, code === 0);
    void source.close();
  });
}

await main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 2;
});
