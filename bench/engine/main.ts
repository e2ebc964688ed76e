// `npm run bench`: starts the servers, measures every figure, prints the tables as they come, and writes the report.

import { writeFileSync } from "node:fs";
import { helpText, isWhole, type Options, readOptions } from "./arguments.ts";
import { ContenderProcesses } from "./contender-process.ts";
import { contenders } from "./contenders.ts";
import type { Figure, FigureResult } from "./figure.ts";
import { throughput } from "./figures/throughput.ts";
import { asMarkdown, asTable, reportOf } from "./report.ts";
import { type Servers, startServers } from "./servers.ts";

const figures: readonly Figure[] = [throughput];

const options = readOptions(process.argv.slice(2));
if (options.help) console.log(helpText(names(contenders), names(figures)));
else await bench(options);

async function bench(options: Options): Promise<void> {
  const wanted = chosen(figures, options.figures);
  const asked = chosen(contenders, options.only);
  const servers = await startServers();
  const processes = new ContenderProcesses(servers);
  const stop = async () => {
    processes.stop();
    await servers.stop();
  };
  process.once("SIGINT", () => void stop().finally(() => process.exit(130)));
  try {
    const measured = await measureAll(wanted, servers, processes, options);
    const report = reportOf(servers, asked, options.rounds, measured);
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
  { only, rounds, scale, json }: Options,
): Promise<FigureResult[]> {
  const able = chosen(contenders, only).filter(
    ({ needsRedis }) => !needsRedis || servers.redis !== undefined,
  );
  const results: FigureResult[] = [];
  for (const figure of wanted) {
    const progress = (line: string) => console.error(`${figure.name}: ${line}`);
    const result = await figure.measure({ processes, contenders: able, rounds, scale, progress });
    if (!json) console.log(`\n${asTable(result)}\n`);
    results.push(result);
  }
  return results;
}

function names(named: readonly { name: string }[]): string[] {
  return named.map(({ name }) => name);
}

function chosen<T extends { name: string }>(all: readonly T[], wanted: readonly string[] | undefined): T[] {
  const unknown = wanted?.find((name) => !names(all).includes(name));
  if (unknown !== undefined) throw new TypeError(`"${unknown}" is none of ${names(all).join(", ")}`);
  return all.filter(({ name }) => wanted?.includes(name) ?? true);
}
