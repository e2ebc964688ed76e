// A small season to be run in `prod` and, by other code, in a namespace beside it.

import { z } from "zod";
import { dataset } from "../../define/dataset.ts";
import { daily } from "../../define/partition-sets.ts";
import type { Pipeline } from "../../define/pipeline.ts";
import { processor } from "../../define/processor.ts";
import { queue } from "../../define/queue.ts";
import { PROD } from "../../domain/namespace.ts";
import type { Database } from "../../store/database.ts";
import { pipelineOf } from "../../testing/engine.ts";

export const REPLAY = "replay_season";
export const [FIRST, SECOND] = ["2025-01-01", "2025-01-02"] as const;

const days = daily({ start: FIRST, end: SECOND });
const row = { day: z.iso.date(), points: z.int() };
export const scores = dataset("scores", { schema: z.object(row), key: ["day"] });
const totals = dataset("totals", { schema: z.object(row), key: ["day"] });

export interface Season {
  /** What each game counts: the code that differs. */
  factor: number;
  /** Runs of scores end with it. */
  fails?: string;
  maxConcurrent?: number;
}

/** Scores of a day, and a total that reads them. */
export function seasonOf({ factor, fails, maxConcurrent }: Season): Pipeline {
  const limited = queue("stats", {
    maxAttempts: 1,
    ...(maxConcurrent && { maxConcurrentDispatches: maxConcurrent }),
  });
  const raw = processor("raw", {
    phase: "all",
    partitions: days,
    output: scores,
    queue: limited,
    async run(ctx) {
      if (fails !== undefined) throw new Error(fails);
      await ctx.write(scores, [{ day: ctx.partition, points: factor * Number(ctx.partition.slice(-2)) }]);
    },
  });
  const total = processor("total", {
    phase: "all",
    partitions: days,
    needs: [raw],
    output: totals,
    async run(ctx) {
      const all = await ctx.read(scores).rows();
      const points = all.reduce((sum, each) => sum + each.points, 0);
      await ctx.write(totals, [{ day: ctx.partition, points }]);
    },
  });
  return pipelineOf(raw, total);
}

export const slice = (processor: string, partition: string) => ({ processor, partition });

/** `processor[partition]` with its status and the state of its task, in one namespace. */
export async function ledgerOf(database: Database, namespace = PROD): Promise<Record<string, string>> {
  const { rows } = await database.query<{ name: string; status: string }>(
    `select o.processor || '[' || o.partition || ']' as name, o.status || coalesce(' / ' || t.state, '') as status
     from headworks.outputs o left join headworks.tasks t on t.output_id = o.id
     where o.namespace = $1 order by 1`,
    [namespace],
  );
  return Object.fromEntries(rows.map((each) => [each.name, each.status]));
}

/** The points of each day, as people read them: the view of a namespace, or the table of `prod`. */
export async function pointsIn(database: Database, relation: string): Promise<Record<string, number>> {
  const { rows } = await database.query<{ day: string; points: number }>(
    `select day::text as day, points from ${relation} order by day`,
  );
  return Object.fromEntries(rows.map((each) => [each.day, Number(each.points)]));
}

/** Everything that `prod` is set to and has counted, as text. */
export async function prodSettings(database: Database): Promise<string> {
  const tables = ["queues", "schedules", "schedule_slots", "breakers", "failures", "retry_storms"];
  const parts: unknown[] = [];
  for (const table of tables) {
    const { rows } = await database.query(`select to_jsonb(t) - 'tokens' - 'refilled_at' - 'claims' as row
      from headworks.${table} t where coalesce(to_jsonb(t) ->> 'namespace', 'prod') = 'prod' order by 1`);
    parts.push({ [table]: rows });
  }
  const { rows } = await database.query(
    "select * from headworks.processors where namespace = 'prod' order by name",
  );
  const lanes = await database.query(
    "select queue, name, weight from headworks.lanes where namespace = 'prod'",
  );
  return JSON.stringify([parts, rows, lanes.rows], null, 1);
}
