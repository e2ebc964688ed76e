// A process of its own that migrates a database, for migrate.pg.test.ts: tells what it applied.

import { openDatabase } from "../store/database.ts";
import { migrate } from "../store/migrate.ts";

const database = openDatabase({ url: process.argv[2] ?? "", role: "tests", maxConnections: 1 });
// It begins when the test says so, so that all processes compete.
process.once("message", async () => {
  const applied = await migrate(database);
  await database.end();
  process.send?.(
    applied.map((migration) => migration.version),
    () => process.disconnect(),
  );
});
process.send?.("ready");
