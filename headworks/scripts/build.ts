// Compiles src/ to dist/ for publishing: JavaScript, declarations, and the .sql files that are read at run time.

import { spawnSync } from "node:child_process";
import { cpSync, globSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

const root = join(import.meta.dirname, "..");
const source = join(root, "src");
const target = join(root, "dist");
const typescript = createRequire(import.meta.url).resolve("typescript/package.json");

// What an earlier build left would be published too.
rmSync(target, { recursive: true, force: true });
const compiler = join(typescript, "..", "bin", "tsc");
const { status } = spawnSync(process.execPath, [compiler, "--project", join(root, "tsconfig.build.json")], {
  stdio: "inherit",
});
if (status !== 0) process.exit(status ?? 1);
for (const file of globSync("**/*.sql", { cwd: source })) {
  cpSync(join(source, file), join(target, file));
}
