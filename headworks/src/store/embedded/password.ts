// Keeps the random password of the embedded server's one role in a file that only its owner can read.

import { randomBytes } from "node:crypto";
import { open, rename } from "node:fs/promises";
import { join } from "node:path";
import { HeadworksError } from "../../domain/error.ts";
import { readIfThere } from "./files.ts";

/** The password of a database that exists. Throws HeadworksError EMBEDDED_PASSWORD_LOST. */
export async function readPassword(home: string): Promise<string> {
  const password = await readIfThere(join(home, "password"));
  if (password !== undefined) return password;
  throw new HeadworksError({
    code: "EMBEDDED_PASSWORD_LOST",
    message: `the database in ${home} cannot be opened: its password file is gone`,
    hint: `restore ${join(home, "password")} from a copy; to begin with an empty database instead, move ${home} away`,
  });
}

/** The password for a database about to be made. On disk before any database needs it. */
export async function ensurePassword(home: string): Promise<string> {
  const known = await readIfThere(join(home, "password"));
  if (known !== undefined) return known;
  const password = randomBytes(24).toString("base64url"); // safe in a URL as it is
  const temporary = join(home, "password.new");
  const file = await open(temporary, "w", 0o600);
  try {
    await file.chmod(0o600); // also when an interrupted attempt left the file
    await file.writeFile(password);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(temporary, join(home, "password"));
  return password;
}
