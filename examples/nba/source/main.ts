// Runs the source until it is told to stop: node examples/nba/source/main.ts --port 4010 --source simulated --seed 1

import { parseArgs } from "node:util";
import { isDay } from "headworks-example-kit/days.ts";
import { leagueAsOf } from "./as-of.ts";
import { FAULT_KINDS, parseFault } from "./faults/parse-fault.ts";
import type { PartialLeague } from "./league.ts";
import { recordedLeague } from "./recorded.ts";
import { type SourceOptions, startSource } from "./server.ts";
import { simulateLeague } from "./simulated/simulate-league.ts";

const HELP = `Usage: main.ts [options]

  --source simulated|recorded   what is served (simulated)
  --seed NUMBER                 of the simulated league (1)
  --season YYYY-YY              of the simulated league, or which recorded one: 2025-26, 2023-24, 2017-18 (2025-26)
  --data FOLDER                 where the recorded data is (HEADWORKS_RECORDED_DATA)
  --as-of YYYY-MM-DD            later games are not yet played
  --fault SPEC                  what goes wrong; can be given several times
  --key KEY                     requests need it as a bearer token
  --port NUMBER                 any free one by default

Faults: ${FAULT_KINDS.map(({ usage }) => usage).join("\n        ")}
`;

const OPTIONS = {
  source: { type: "string", default: "simulated" },
  seed: { type: "string", default: "1" },
  season: { type: "string", default: "2025-26" },
  data: { type: "string" },
  "as-of": { type: "string" },
  fault: { type: "string", multiple: true, default: [] as string[] },
  key: { type: "string" },
  port: { type: "string", default: "0" },
  help: { type: "boolean", short: "h", default: false },
} as const;

type Settings = ReturnType<typeof readSettings>;

function readSettings() {
  return parseArgs({ options: OPTIONS }).values;
}

function optionsFrom(settings: Settings): SourceOptions {
  const league = leagueFrom(settings);
  const day = settings["as-of"];
  if (day !== undefined && !isDay(day)) throw new Error(`--as-of ${day}: write a day as YYYY-MM-DD`);
  return {
    league: day === undefined ? league : leagueAsOf(league, day),
    faults: settings.fault.map(parseFault),
    port: wholeNumber("--port", settings.port),
    ...(settings.key === undefined ? {} : { key: settings.key }),
  };
}

function leagueFrom(settings: Settings): PartialLeague {
  if (settings.source === "simulated")
    return simulateLeague({ seed: wholeNumber("--seed", settings.seed), season: settings.season });
  if (settings.source !== "recorded")
    throw new Error(`--source ${settings.source}: choose simulated or recorded`);
  const dir = settings.data ?? process.env.HEADWORKS_RECORDED_DATA;
  if (dir === undefined) throw new Error("--source recorded: say with --data where the recorded data is");
  return recordedLeague(dir, { season: settings.season });
}

function wholeNumber(name: string, text: string): number {
  if (!/^\d{1,15}$/.test(text)) throw new Error(`${name} ${text}: write a whole number`);
  return Number(text);
}

async function main(): Promise<void> {
  const settings = readSettings();
  if (settings.help) {
    process.stdout.write(HELP);
    return;
  }
  const server = await startSource(optionsFrom(settings));
  process.stdout.write(`The ${settings.source} source listens on ${server.url}\n`);
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => void server.close());
}

await main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
