// What a statement reads by the plan that a runner makes of it: which of its scans have no bound.

import type { TestDatabase } from "../testing/database.ts";
import { type Connection, openDatabase, transaction } from "./database.ts";

/** What is asked, with PostgreSQL's names of the types of its parameters. */
export interface Asked {
  name: string;
  text: string;
  params: readonly string[];
}

/** By table: what a scan must be bounded by, which names a row or an end of a range. Other tables are left alone. */
export type Bounds = Readonly<Record<string, RegExp>>;

/** On one connection as runners have it, in a transaction. */
export async function asRunner<T>(
  db: TestDatabase,
  work: (connection: Connection) => Promise<T>,
): Promise<T> {
  const runner = openDatabase({ url: db.url, role: "runner", maxConnections: 1 });
  try {
    return await transaction(runner, work);
  } finally {
    await runner.end();
  }
}

interface Plan {
  "Node Type": string;
  "Relation Name"?: string;
  "Index Name"?: string;
  "Index Cond"?: string;
  Plans?: Plan[];
}

/** The scans of whole tables and of whole indexes, but for those of indexes that are small. */
export async function scansOfWholeTables(
  connection: Connection,
  { name, text, params }: Asked,
  bounds: Bounds,
  small: ReadonlySet<string> = new Set(),
): Promise<string[]> {
  const types = params.map((type) => type.replace(/^_(.*)$/, "$1[]")).join(", ");
  const given = params.map(() => "null").join(", ");
  await connection.query(`prepare asked${types && ` (${types})`} as ${text}`);
  const explained = await connection.query<{ "QUERY PLAN": [{ Plan: Plan }] }>(
    `explain (format json) execute asked${given && ` (${given})`}`,
  );
  await connection.query("deallocate asked");
  const [top] = explained.rows[0]?.["QUERY PLAN"] ?? [];
  const indexes = await indexesByName(connection);
  return nodesOf(top?.Plan)
    .filter((node) => !small.has(node["Index Name"] ?? "") && readsAllOfIt(node, indexes, bounds))
    .map((node) => `${name}: ${node["Node Type"]} on ${node["Relation Name"]}`);
}

interface Index {
  table: string;
  /** What it is sorted by first: a condition that leaves that out goes through the whole index. */
  first: string;
}

async function indexesByName(connection: Connection): Promise<Map<string, Index>> {
  const { rows } = await connection.query<Index & { name: string }>(
    `select c.relname as name, t.relname as table, a.attname as first from pg_index i
     join pg_class c on c.oid = i.indexrelid join pg_class t on t.oid = i.indrelid
     join pg_attribute a on a.attrelid = c.oid and a.attnum = 1
     where t.relnamespace in ('headworks'::regnamespace, 'prod'::regnamespace)`,
  );
  return new Map(rows.map((row) => [row.name, row]));
}

function nodesOf(plan: Plan | undefined): Plan[] {
  return plan === undefined ? [] : [plan, ...(plan.Plans ?? []).flatMap(nodesOf)];
}

function readsAllOfIt(node: Plan, indexes: ReadonlyMap<string, Index>, bounds: Bounds): boolean {
  // What a bitmap heap scan reads is what its index scans found.
  if (!/Scan$/.test(node["Node Type"]) || node["Node Type"] === "Bitmap Heap Scan") return false;
  const index = indexes.get(node["Index Name"] ?? "");
  // The weeks of the runs are tables of their own.
  const table = (node["Relation Name"] ?? index?.table)?.replace(/^runs_.*$/, "runs");
  const bound = bounds[table ?? ""];
  if (bound === undefined) return false;
  const condition = node["Index Cond"] ?? "";
  return index === undefined || !bound.test(condition) || !condition.includes(index.first);
}
