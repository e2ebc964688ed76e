// Builds the SQL that finds and deletes the old rows of a dataset's table.

import { identifier, nameOf, type Table } from "./sql.ts";

/** The index by which old rows are found; none for a table whose rows stay. */
export function createAgeIndex(table: Table): string[] {
  const { agesBy } = table;
  return agesBy === undefined ? [] : [`create index on ${nameOf(table)} (${identifier(agesBy)})`];
}

/**
 * Whether something still needs a row `t`. It stays while its output or one that needs it is still expected, or has a
 * task: a run of either reads it or writes it anew. A failed task counts until its failure is resolved.
 */
function isNeeded(namespace: string): string {
  const hasTask = (output: string) => `exists (
      select from headworks.tasks k where k.output_id = ${output} and not (k.state = 'failed' and exists (
        select from headworks.failures f where f.namespace = k.namespace and f.fingerprint = k.fingerprint and f.state = 'resolved')))`;
  // Said of each by itself: the edges within a namespace and those to `prod` are found by an index of their own.
  const feeds = (edges: string) => `exists (
      select from headworks.edges e join headworks.outputs d on d.id = e.downstream_id
      where e.upstream_id = o.id and ${edges} and (d.status = 'expected' or ${hasTask("d.id")}))`;
  return `exists (
    select from headworks.outputs o
    where o.namespace = ${namespace} and o.processor = t._processor and o.partition = t._partition
    and (o.status = 'expected' or ${hasTask("o.id")} or ${feeds("not e.to_prod")} or ${feeds("e.to_prod")}))`;
}

/** Parameters: the age in milliseconds (bigint), the namespace (text). */
const old = (by: string) =>
  `t.${identifier(by)} < now() - make_interval(secs => $1::bigint / 1000.0) and not ${isNeeded("$2::text")}`;

/**
 * Deletes old rows, at most `$3` (bigint), the oldest first. A row that a merge holds is left for the next time, so that
 * neither waits for the other.
 */
export function deleteOldRows(table: Table, by: string): string {
  return `delete from ${nameOf(table)} where ctid = any (array(
    select t.ctid from ${nameOf(table)} t where ${old(by)}
    order by t.${identifier(by)} limit $3::bigint for update of t skip locked))`;
}

export function countOldRows(table: Table, by: string): string {
  return `select count(*) as rows from ${nameOf(table)} t where ${old(by)}`;
}
