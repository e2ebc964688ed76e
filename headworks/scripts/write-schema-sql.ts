// Writes src/store/schema.sql from a database that the migrations have just made. Run it when a migration changes.

import { writeFileSync } from "node:fs";
import { openDatabase } from "../src/store/database.ts";
import { migrate } from "../src/store/migrate.ts";
import { schemaText } from "../src/testing/schema-text.ts";
import { startTestServer } from "../src/testing/server.ts";

const server = await startTestServer();
const database = openDatabase({ url: server.url, role: "tests", maxConnections: 1 });
try {
  await migrate(database);
  writeFileSync(new URL("../src/store/schema.sql", import.meta.url), await schemaText(database));
} finally {
  await database.end();
  await server.stop();
}
