// Fills a table with millions of rows in one transaction, without its indexes, which are made again at the end.

import type pg from "pg";

interface Definition {
  drop: string;
  make: string;
}

/** Empties the table, lets `fill` write, and makes its constraints and indexes as they were. */
export async function load(
  connection: pg.ClientBase,
  table: string,
  fill: () => Promise<void>,
): Promise<void> {
  await connection.query("begin");
  await connection.query("set local statement_timeout = 0");
  await connection.query("set local maintenance_work_mem = '256MB'");
  // What goes into a table that was emptied in the same transaction isn't logged, with a wal_level of minimal.
  await connection.query(`truncate ${table}`);
  const definitions = [
    ...(await definitionsOf(connection, INDEXES, table)),
    ...(await definitionsOf(connection, KEYS, table)),
  ];
  for (const { drop } of definitions) await connection.query(drop);
  await fill();
  for (const { make } of definitions.toReversed()) await connection.query(make);
  await connection.query("commit");
  await connection.query("set statement_timeout = 0");
  await connection.query(`vacuum analyze ${table}`);
  await connection.query("reset statement_timeout");
}

/** Indexes that are no key's; those of partitions come and go with the one of their table. */
const INDEXES = `
select format('drop index %s', i.indexrelid::regclass) as drop, pg_get_indexdef(i.indexrelid) as make
from pg_index i
where i.indrelid = $1::regclass and not exists (select from pg_constraint c where c.conindid = i.indexrelid)`;

const KEYS = `
select format('alter table %s drop constraint %I', conrelid::regclass, conname) as drop,
  format('alter table %s add constraint %I %s', conrelid::regclass, conname, pg_get_constraintdef(oid)) as make
from pg_constraint where conrelid = $1::regclass and contype in ('p', 'u')`;

async function definitionsOf(connection: pg.ClientBase, query: string, table: string): Promise<Definition[]> {
  return (await connection.query<Definition>(query, [table])).rows;
}
