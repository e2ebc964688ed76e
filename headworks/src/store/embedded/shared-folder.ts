// The folder outside of any checkout where root keeps what PostgreSQL's user can't reach elsewhere.

import { existsSync } from "node:fs";
import { chmod, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { HeadworksError } from "../../domain/error.ts";
import { errorCode } from "./failures.ts";
import { makeFolder } from "./files.ts";

const systemFolder = "/var/lib/headworks";

/**
 * Makes sure of the folder (default: /var/lib/headworks, or one in the temporary folder where that can't be made).
 * Throws HeadworksError DATA_DIR_UNWRITABLE when others may change what is in it.
 */
export async function sharedFolder(relocateTo: string = systemFolder): Promise<string> {
  try {
    return await makeSafeFolder(relocateTo);
  } catch (thrown) {
    if (!["EACCES", "EPERM", "EROFS"].includes(errorCode(thrown) ?? "")) throw thrown;
    return makeSafeFolder(join(tmpdir(), "headworks"));
  }
}

/** In a folder that anybody may write to, another user could have put their own in our place. */
async function makeSafeFolder(folder: string): Promise<string> {
  if (!existsSync(folder)) {
    await makeFolder(folder);
    await chmod(folder, 0o755);
  }
  const { uid, mode } = await stat(folder);
  if (uid === process.getuid?.() && (mode & 0o022) === 0) return folder;
  throw new HeadworksError({
    code: "DATA_DIR_UNWRITABLE",
    message: `${folder} cannot be trusted with data: it belongs to another user, or others may write to it`,
    hint: "remove it or make it root's with mode 0755, choose a --data-dir that user postgres can reach, or set DATABASE_URL",
  });
}
