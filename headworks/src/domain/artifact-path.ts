// Judges the names of artifacts: which can be given on any file system, and which two can't be there together.

import { HeadworksError } from "./error.ts";

/** What file systems take as the name of one file or folder. */
const SEGMENT_BYTES = 255;
/** What object stores take as a whole name, too; the system's own limit is for the path with the data directory before it. */
const PATH_BYTES = 1_024;

/** Throws ARTIFACT_PATH_INVALID for a path that no file can have below a folder. */
export function checkArtifactPath(path: string): void {
  const problem = problemOf(path);
  if (problem === undefined) return;
  throw new HeadworksError({
    code: "ARTIFACT_PATH_INVALID",
    message: `"${shortened(path)}" is no path for an artifact: it ${problem}`,
    hint: "use a relative path with / that stays within the artifacts, such as standings/2026-01-14.json",
  });
}

/** The names of one run's artifacts, of which none may be a folder of another. */
export class ArtifactNames {
  readonly #files = new Set<string>();
  /** By folder, a file that lies in it. */
  readonly #folders = new Map<string, string>();

  /** Takes a name; gives the name that is in its way instead, if there is one. */
  add(path: string): string | undefined {
    const folders = foldersOf(path);
    const inTheWay = folders.find((folder) => this.#files.has(folder)) ?? this.#folders.get(path);
    if (inTheWay !== undefined) return inTheWay;
    this.#files.add(path);
    for (const folder of folders) this.#folders.set(folder, path);
    return undefined;
  }
}

/** The folders that a path lies in, the outermost first: `a/b/c` lies in `a` and `a/b`. */
export function foldersOf(path: string): string[] {
  const segments = path.split("/");
  return segments.slice(1).map((_, index) => segments.slice(0, index + 1).join("/"));
}

function problemOf(path: string): string | undefined {
  if (path === "") return "is empty";
  if (path.includes("\0")) return "has a NUL in it";
  if (!path.isWellFormed()) return "has half a character in it";
  if (path.startsWith("/")) return "is absolute";
  if (path.endsWith("/")) return "ends with a /, as a folder does";
  const bytes = bytesOf(path);
  if (bytes > PATH_BYTES) return `has ${bytes} bytes; ${PATH_BYTES} are the most`;
  for (const segment of path.split("/")) {
    if (segment === "") return "has an empty part";
    if (segment === "." || segment === "..") return `has the part ${segment}`;
    if (bytesOf(segment) > SEGMENT_BYTES)
      return `has a part of ${bytesOf(segment)} bytes; ${SEGMENT_BYTES} are the most`;
  }
  return undefined;
}

function bytesOf(text: string): number {
  return new TextEncoder().encode(text).length;
}

function shortened(path: string): string {
  const readable = path.replaceAll("\0", "\\0").toWellFormed();
  return readable.length > 80 ? `${readable.slice(0, 77)}…` : readable;
}
