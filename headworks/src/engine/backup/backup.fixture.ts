// A pipeline for the tests of backups: a source, a dataset of awkward values, artifacts, and a run that is under way.

import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { dataset } from "../../define/dataset.ts";
import { daily } from "../../define/partition-sets.ts";
import { pipeline } from "../../define/pipeline.ts";
import { processor } from "../../define/processor.ts";
import { source } from "../../define/source.ts";
import type { Database } from "../../store/database.ts";

export const DAYS = 5;

const awkward = [
  "plain",
  "tab\tand\\back\\slash",
  "line\nend\r\n",
  "\\N",
  "",
  "ä€😀",
  "\u0001\u007f",
  '{"a":"\\\\"}',
];

const games = dataset("games", {
  schema: z.object({
    game_id: z.string(),
    note: z.string(),
    share: z.number().nullable(),
    at: z.iso.datetime(),
    big: z.bigint(),
    detail: z.object({ text: z.string(), list: z.array(z.number()) }),
  }),
  key: ["game_id"],
});

export interface SmallSeason {
  pipeline: ReturnType<typeof pipeline>;
  source: ReturnType<typeof source>;
}

/** `onSlow` is awaited by the one run that takes long. */
export function smallSeason(
  baseUrl: string,
  onSlow: (attempt: number) => Promise<void>,
  days = DAYS,
): SmallSeason {
  const stats = source("stats", { baseUrl, maxRequestsPerSecond: 1_000 });
  const partitions = daily({ start: "2026-01-01", end: `2026-01-${String(days).padStart(2, "0")}` });
  const schedule = processor("schedule", {
    phase: "raw",
    partitions,
    output: games,
    async run(ctx) {
      const { day } = await ctx.http(stats).json(`/games/${ctx.partition}`, z.object({ day: z.string() }));
      ctx.log.info("games\tfound");
      ctx.metric("games", awkward.length, { day });
      await ctx.write(
        games,
        awkward.map((note, index) => ({
          game_id: `${day}-${index}`,
          note,
          share: index === 0 ? null : 1 / 3 / index,
          at: `${day}T12:00:00.123456Z`,
          big: 12345678901234567890n,
          detail: { text: note, list: [0.1, 1e300] },
        })),
      );
    },
  });
  const publish = processor("publish", {
    phase: "out",
    partitions,
    needs: [schedule],
    run: (ctx) => ctx.artifact(`days/${ctx.partition}.json`, `${ctx.partition}: ${awkward.join("|")}`),
  });
  const slow = processor("slow", { phase: "raw", run: (ctx) => onSlow(ctx.attempt) });
  return {
    pipeline: pipeline("season", { phases: ["raw", "out"], processors: [schedule, publish, slow] }),
    source: stats,
  };
}

/** A source that says which day was asked for. */
export async function startStats(): Promise<{ url: string } & AsyncDisposable> {
  const server = createServer((request, response) => {
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify({ day: request.url?.split("/").at(-1) }));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** A folder that is removed with its test. */
export async function makeFolder(): Promise<{ path: string } & AsyncDisposable> {
  const path = await mkdtemp(join(tmpdir(), "headworks-backup-"));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}

/** What stays as it was while nothing but the slow run is at work; artifacts are given other temporary names. */
const MOVING = new Set(["queues", "sources", "workers", "backups", "migrations", "staged_rows"]);

/** Every row of every table as JSON, sorted, but what the audit log says of backups themselves. */
export async function readEverything(database: Database): Promise<Record<string, string[]>> {
  const tables = await database.query<{ schema: string; name: string }>(
    `select n.nspname as schema, c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where n.nspname in ('headworks', 'prod') and c.relkind in ('r', 'p') and not c.relispartition order by 1, 2`,
  );
  const everything: Record<string, string[]> = {};
  for (const { schema, name } of tables.rows) {
    if (MOVING.has(name)) continue;
    const found = await database.query<{ row: string }>(
      `select (to_jsonb(t) - 'temporary_name')::text as row from "${schema}"."${name}" t
       where coalesce(to_jsonb(t) ->> 'action', '') not like 'backups.%' order by 1`,
    );
    everything[`${schema}.${name}`] = found.rows.map(({ row }) => row);
  }
  return everything;
}
