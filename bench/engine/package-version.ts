// The version of an installed package, also of one that doesn't export its package.json.

import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** Throws when the package isn't installed. */
export function packageVersion(name: string): string {
  let folder = dirname(fileURLToPath(import.meta.resolve(name)));
  for (;;) {
    const path = join(folder, "package.json");
    const found = existsSync(path) && (JSON.parse(readFileSync(path, "utf8")) as Record<string, string>);
    if (found && found.name === name && found.version !== undefined) return found.version;
    if (dirname(folder) === folder) throw new Error(`${name} has no package.json`);
    folder = dirname(folder);
  }
}
