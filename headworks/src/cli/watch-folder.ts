// Watches the files of a folder and of those within it, but for what isn't source.

import { type FSWatcher, readdirSync, watch } from "node:fs";
import { join, relative } from "node:path";

const UNWATCHED = new Set(["node_modules", "dist"]);

/**
 * Calls `onChange` with the path of each file that changes, relative to the folder. Not Node's own recursive watching:
 * that follows node_modules too, and uses up the system's watches there.
 */
export function watchFolder(
  folder: string,
  ignored: string,
  onChange: (path: string) => void,
): { close(): void } {
  const watchers = new Map<string, FSWatcher>();

  function watchAlso(path: string): void {
    if (watchers.has(path) || path === ignored) return;
    try {
      const watcher = watch(path, (_event, name) => {
        if (name === null || isUnwatched(name) || join(path, name) === ignored) return;
        onChange(relative(folder, join(path, name)));
        watchAlso(join(path, name));
      });
      watcher.on("error", () => forget(path));
      watchers.set(path, watcher);
      for (const entry of readdirSync(path, { withFileTypes: true })) {
        if (entry.isDirectory() && !isUnwatched(entry.name)) watchAlso(join(path, entry.name));
      }
    } catch {
      // A file, or gone already: the folder that it is in tells of its changes.
      forget(path);
    }
  }

  function forget(path: string): void {
    watchers.get(path)?.close();
    watchers.delete(path);
  }

  watchAlso(folder);
  return { close: () => [...watchers.keys()].forEach(forget) };
}

/** Dependencies, builds, hidden files, those of editors. */
function isUnwatched(name: string): boolean {
  return name.startsWith(".") || name.endsWith("~") || UNWATCHED.has(name);
}
