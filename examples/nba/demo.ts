// The demo: starts the source, then Headworks on the pipeline beside this file, until everything is settled.
// `npm start` (--stay) keeps both up afterwards. What isn't an option of the demo goes to `headworks start`.

import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { type DemoOptions, readDemoOptions } from "./demo-options.ts";
import { parseFault } from "./source/faults/parse-fault.ts";
import type { League } from "./source/league.ts";
import { recordedLeague } from "./source/recorded.ts";
import { type SourceServer, startSource } from "./source/server.ts";
import { simulateLeague } from "./source/simulated/simulate-league.ts";

const KEY = "demo-key-of-the-source";
const FAULTS = { simulated: ["outage:2026-01-10..2026-01-12", "late:share=0.05"], recorded: [] };
const HEADWORKS = fileURLToPath(import.meta.resolve("headworks/bin/headworks.js"));

function leagueOf({ source, seed }: DemoOptions): League {
  if (source === "simulated") return simulateLeague({ seed });
  const beside = new URL("../../../shared/data", import.meta.url);
  return recordedLeague(process.env.HEADWORKS_RECORDED_DATA ?? fileURLToPath(beside));
}

/** On the usual port, so that a run can be repeated from the archive, which knows responses by their URL; else on any. */
async function startOnFreePort(options: DemoOptions): Promise<SourceServer> {
  const faults = (options.faults ?? FAULTS[options.source]).map(parseFault);
  const settings = { league: leagueOf(options), faults, key: KEY };
  try {
    return await startSource({ ...settings, port: options.port });
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "EADDRINUSE")) throw error;
    return startSource(settings);
  }
}

const options = readDemoOptions(process.argv.slice(2));
const source = await startOnFreePort(options);
console.error(`The ${options.source} source of the league answers on ${source.url}`);
const until = options.stay ? [] : ["--until-settled"];
const headworks = spawn(
  process.execPath,
  [HEADWORKS, "start", "--apply-datasets", ...until, ...options.forHeadworks],
  {
    cwd: import.meta.dirname,
    stdio: "inherit",
    env: { ...process.env, NBA_SOURCE: options.source, NBA_SOURCE_URL: source.url, NBA_SOURCE_KEY: KEY },
  },
);
// A Ctrl-C reaches Headworks by itself, since it shares the terminal; it drains, and the demo ends with it.
process.on("SIGINT", () => undefined);
process.on("SIGTERM", () => headworks.kill("SIGTERM"));
headworks.once("exit", (code, signal) => {
  process.exitCode = code ?? (signal === "SIGINT" ? 130 : 1);
  void source.close();
});
