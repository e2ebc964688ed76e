// Makes the symbolic links to PostgreSQL's libraries, which npm packages can't hold and install scripts usually make.

import { symlink } from "node:fs/promises";
import { basename, join, relative } from "node:path";
import { errorCode } from "./failures.ts";
import { readIfThere } from "./files.ts";

/** One link as the package lists it: both paths from the package's root, in the same folder. */
interface Link {
  source: string;
  target: string;
}

/** Makes the links that are missing in `folder`. Where that isn't allowed, trying the programs shows if it matters. */
export async function linkLibraries(folder: string): Promise<void> {
  for (const { source, target } of await listLinks(folder)) {
    await makeLink(basename(source), join(folder, relative("native", target)));
  }
}

/** PostgreSQL from elsewhere has no such list, and needs none. */
async function listLinks(folder: string): Promise<Link[]> {
  return JSON.parse((await readIfThere(join(folder, "pg-symlinks.json"))) ?? "[]");
}

async function makeLink(points: string, path: string): Promise<void> {
  try {
    await symlink(points, path);
  } catch (thrown) {
    if (!["EEXIST", "EACCES", "EPERM", "EROFS"].includes(errorCode(thrown) ?? "")) throw thrown;
  }
}
