// The rows that are written most change where they are: no index has a column that such a write changes.

import { expect, test } from "vitest";
import { createTestDatabase } from "../../testing/database.ts";

/** The indexes of a table that have one of these columns among their own or in their condition. */
const INDEXES_WITH = `
select distinct x.indexrelid::regclass::text as index, a.attname as column
from pg_index x
join pg_attribute a on a.attrelid = x.indrelid and a.attname = any ($2::text[])
where x.indrelid = $1::regclass and (a.attnum = any (x.indkey) or exists (
  select from pg_depend d where d.objid = x.indexrelid and d.refobjid = x.indrelid and d.refobjsubid = a.attnum))
order by 1, 2`;

test("a settlement changes no index of the ledger", async () => {
  await using db = await createTestDatabase();
  const written = [
    "status",
    "outcome",
    "reason",
    "vouched_by",
    "records",
    "settled_at",
    "run_id",
    "changed_at",
  ];
  const { rows } = await db.database.query(INDEXES_WITH, ["headworks.outputs", written]);
  expect(rows).toEqual([]);
  const byName = await db.database.query(INDEXES_WITH, ["headworks.outputs", ["processor"]]);
  expect(byName.rows).toHaveLength(1);
});
