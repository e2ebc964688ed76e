// `npm run bench`: starts the servers, measures every figure, prints the tables as they come, and writes the report.

import { writeFileSync } from "node:fs";
import { loadavg } from "node:os";
import { messageOf } from "../../headworks/src/domain/error.ts";
import { helpText, isWhole, type Options, readOptions } from "./arguments.ts";
import { budgetsOf } from "./budgets.ts";
import type { Contender } from "./contender.ts";
import { ContenderProcesses } from "./contender-process.ts";
import { contenders } from "./contenders.ts";
import type { Figure, FigureResult } from "./figure.ts";
import { backlog } from "./figures/backlog.ts";
import { enqueue } from "./figures/enqueue.ts";
import { fan } from "./figures/fan.ts";
import { features } from "./figures/features.ts";
import { health } from "./figures/health.ts";
import { pickUp } from "./figures/pick-up.ts";
import { rate } from "./figures/rate.ts";
import { throughput } from "./figures/throughput.ts";
import { asMarkdown, asTable, type Report, reportOf } from "./report.ts";
import { type Servers, startServers } from "./servers.ts";

const figures: readonly Figure[] = [throughput, enqueue, pickUp, features, fan, rate, health, backlog];

try {
  const options = readOptions(process.argv.slice(2));
  if (options.help) console.log(helpText(names(contenders), names(figures)));
  else await bench(options);
} catch (error) {
  // A wrong option needs no stack.
  console.error(error instanceof TypeError ? `${error.message}; see --help` : error);
  process.exitCode = 1;
}

async function bench(options: Options): Promise<void> {
  const wanted = chosen(figures, options.figures);
  const asked = chosen(contenders, options.only);
  const load = loadavg()[0] ?? 0;
  const servers = await startServers();
  const processes = new ContenderProcesses(servers);
  let stopped: Promise<void> | undefined;
  const stop = () => {
    processes.stop();
    stopped ??= servers.stop();
    return stopped;
  };
  for (const signal of ["SIGINT", "SIGTERM"]) {
    process.once(signal, () => void stop().finally(() => process.exit(130)));
  }
  try {
    const measured = await measureAll(wanted, servers, processes, options);
    const budgets = budgetsOf(measured.figures);
    if (budgets !== undefined) {
      measured.figures = [budgets, ...measured.figures];
      if (!options.json) console.log(`\n${asTable(budgets)}\n`);
    }
    const report = reportOf(servers, asked, load, measured);
    if (options.json) console.log(JSON.stringify(report, null, 2));
    if (isWhole(options)) {
      writeFileSync(new URL("../report.json", import.meta.url), `${JSON.stringify(report, null, 2)}\n`);
      writeFileSync(new URL("../report.md", import.meta.url), asMarkdown(report));
    }
  } finally {
    await stop();
  }
}

async function measureAll(
  wanted: readonly Figure[],
  servers: Servers,
  processes: ContenderProcesses,
  { only, rounds, scale, large, store, json }: Options,
): Promise<Pick<Report, "figures" | "failures">> {
  const able = chosen(contenders, only).filter(
    ({ needsRedis }) => !needsRedis || servers.redis !== undefined,
  );
  const results: FigureResult[] = [];
  const failures: string[] = [];
  for (const figure of wanted) {
    const progress = (line: string) => console.error(`${figure.name}: ${line}`);
    const isPatient = large || only !== undefined;
    const failed = (contender: Contender, error: unknown) => {
      console.error(error);
      failures.push(`${figure.name} of ${contender.name}: ${messageOf(error).split("\n")[0]}`);
      process.exitCode = 1;
    };
    const run = {
      processes,
      contenders: able,
      rounds: rounds ?? figure.rounds,
      scale,
      store,
      isPatient,
      progress,
      failed,
    };
    const result = await figure.measure(run);
    if (!json) console.log(`\n${asTable(result)}\n`);
    results.push(result);
  }
  return { figures: results, failures };
}

function names(named: readonly { name: string }[]): string[] {
  return named.map(({ name }) => name);
}

function chosen<T extends { name: string }>(all: readonly T[], wanted: readonly string[] | undefined): T[] {
  const unknown = wanted?.find((name) => !names(all).includes(name));
  if (unknown !== undefined) throw new TypeError(`"${unknown}" is none of ${names(all).join(", ")}`);
  return all.filter(({ name }) => wanted?.includes(name) ?? true);
}
