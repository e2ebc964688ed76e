// The demo: starts the source, then Headworks on the pipeline beside this file, until everything is settled.
// `npm start` (--stay) keeps both up afterwards. Options: --source, --seed, --fault (repeatable); what follows `--` goes to Headworks.

import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { parseFault } from "./source/faults/parse-fault.ts";
import type { League } from "./source/league.ts";
import { recordedLeague } from "./source/recorded.ts";
import { type SourceServer, startSource } from "./source/server.ts";
import { simulateLeague } from "./source/simulated/simulate-league.ts";

/** The same port each time, so that a run can be repeated from the archive, which knows responses by their URL. */
const PORT = 4610;
const KEY = "demo-key-of-the-simulated-source";
const FAULTS = ["outage:2026-01-10..2026-01-12", "late:share=0.05"];
const HEADWORKS = fileURLToPath(import.meta.resolve("headworks/bin/headworks.js"));

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    source: { type: "string", default: "simulated" },
    seed: { type: "string", default: "1" },
    fault: { type: "string", multiple: true },
    stay: { type: "boolean", default: false },
    port: { type: "string", default: String(PORT) },
  },
});

function league(): League {
  if (values.source === "simulated") return simulateLeague({ seed: Number(values.seed) });
  const folder = process.env.HEADWORKS_RECORDED_DATA ?? fileURLToPath(new URL("../../../shared/data", import.meta.url));
  return recordedLeague(folder);
}

/** On the usual port; on any free one when another demo has that. */
async function startOnFreePort(): Promise<SourceServer> {
  const faults = (values.fault ?? (values.source === "simulated" ? FAULTS : [])).map(parseFault);
  const options = { league: league(), faults, key: KEY };
  try {
    return await startSource({ ...options, port: Number(values.port) });
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "EADDRINUSE")) throw error;
    return startSource(options);
  }
}

const source = await startOnFreePort();
console.error(`The ${values.source} source of the league answers on ${source.url}`);
const until = values.stay ? [] : ["--until-settled"];
const headworks = spawn(
  process.execPath,
  [HEADWORKS, "start", "--apply-datasets", ...until, ...positionals],
  {
    cwd: import.meta.dirname,
    stdio: "inherit",
    env: { ...process.env, NBA_SOURCE: values.source, NBA_SOURCE_URL: source.url, NBA_SOURCE_KEY: KEY },
  },
);
// A Ctrl-C reaches Headworks by itself, since it shares the terminal; it drains, and then the demo ends with it.
process.on("SIGINT", () => undefined);
process.on("SIGTERM", () => headworks.kill("SIGTERM"));
headworks.once("exit", (code, signal) => {
  process.exitCode = code ?? (signal === "SIGINT" ? 130 : 1);
  void source.close();
});
