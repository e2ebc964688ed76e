// Writes the module of every .sql file of the store: a function for each query, with the types that its header declares. With --check it tells which are not as they would be written.

import { existsSync, globSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { queryModule } from "./query-module.ts";

const store = join(import.meta.dirname, "../src/store");
const files = globSync("*/*.sql", { cwd: store }).filter((file) => !file.startsWith("migrations/"));
const modules = files.map((file) => ({
  path: join(store, file.replace(/\.sql$/, ".queries.ts")),
  text: queryModule(basename(file), readFileSync(join(store, file), "utf8")),
}));
const stale = modules.filter(({ path, text }) => !existsSync(path) || readFileSync(path, "utf8") !== text);

if (process.argv.includes("--check")) {
  for (const { path } of stale) console.error(`${path} is stale: run npm run queries`);
  process.exitCode = stale.length > 0 ? 1 : 0;
} else {
  for (const { path, text } of stale) writeFileSync(path, text);
}
