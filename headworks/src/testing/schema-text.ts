// Writes a database's own schema as SQL, from PostgreSQL's catalog: each table in one place, in an order that stays.

import type { Executor } from "../store/database.ts";

const HEADER = `-- Every table, index, function and view of Headworks, as its migrations leave them. Written from the catalog of a migrated
-- database by \`npm run schema:sql --workspace headworks\`; it is read, never run. Partitions by week are left out.
`;

/** Tables by name, each with its columns, rules and indexes; a default partition is named, and has only indexes of its own. */
const TABLES = `
  select format(E'create %stable headworks.%s%s', case c.relpersistence when 'u' then 'unlogged ' else '' end, c.relname,
    case when c.relispartition then format(' partition of headworks.%s default', (
      select p.relname from pg_inherits i join pg_class p on p.oid = i.inhparent where i.inhrelid = c.oid))
    else format(E' (\\n%s\\n)%s', concat_ws(E',\\n', columns.lines, rules.lines), ' partition by ' || lower(pg_get_partkeydef(c.oid))) end)
    || coalesce(' with (' || array_to_string(c.reloptions, ', ') || ')', '') || ';'
    || coalesce(E'\\n' || indexes.lines, '') as text
  from pg_class c
  cross join lateral (
    select string_agg(concat_ws(' ', '  ' || quote_ident(a.attname), format_type(a.atttypid, a.atttypmod),
      case when a.attnotnull then 'not null' end,
      case when a.attidentity <> '' then 'generated always as identity' end,
      'default ' || pg_get_expr(d.adbin, d.adrelid)), E',\\n' order by a.attnum) as lines
    from pg_attribute a left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
    where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped) as columns
  cross join lateral (
    select string_agg('  ' || pg_get_constraintdef(k.oid, true), E',\\n'
      order by position(k.contype in 'pufc'), pg_get_constraintdef(k.oid, true)) as lines
    from pg_constraint k where k.conrelid = c.oid and k.contype in ('p', 'u', 'f', 'c')) as rules
  cross join lateral (
    select string_agg(pg_get_indexdef(i.indexrelid) || ';', E'\\n' order by pg_get_indexdef(i.indexrelid)) as lines
    from pg_index i join pg_class x on x.oid = i.indexrelid
    where i.indrelid = c.oid and not x.relispartition
      and not exists (select from pg_constraint k where k.conindid = i.indexrelid and k.contype in ('p', 'u'))) as indexes
  where c.relnamespace = 'headworks'::regnamespace and c.relkind in ('r', 'p')
    and (not c.relispartition or pg_get_expr(c.relpartbound, c.oid) = 'DEFAULT')
  order by c.relname`;

const FUNCTIONS = `
  select rtrim(pg_get_functiondef(p.oid), E'\\n') || ';' as text from pg_proc p
  where p.pronamespace = 'headworks'::regnamespace order by p.proname`;

const VIEWS = `
  select format(E'create view headworks.%s as\\n%s', c.relname, pg_get_viewdef(c.oid, true)) as text from pg_class c
  where c.relnamespace = 'headworks'::regnamespace and c.relkind = 'v' order by c.relname`;

/** The schema `headworks` of a migrated database, as text. */
export async function schemaText(database: Executor): Promise<string> {
  const tables = (await listTexts(database, TABLES)).map(asWritten);
  const others = [...(await listTexts(database, FUNCTIONS)), ...(await listTexts(database, VIEWS))];
  return [HEADER, ...tables, ...others].join("\n");
}

async function listTexts(database: Executor, query: string): Promise<string[]> {
  const { rows } = await database.query<{ text: string }>(query);
  return rows.map(({ text }) => `${text}\n`);
}

/** As a person writes it: the catalog spells out what goes without saying. */
function asWritten(table: string): string {
  return table
    .replaceAll("::text", "")
    .replaceAll("timestamp with time zone", "timestamptz")
    .replaceAll(/ ON (ONLY )?(\S+) USING btree/g, " ON $2")
    .replaceAll(/'[^']*'|\b[A-Z]{2,}\b/g, (word) => (word.startsWith("'") ? word : word.toLowerCase()));
}
