// Files between their settlement and their names: which lie in the way of others, which have their name, and which can't get it.

import { inColumns } from "../arrays.ts";
import type { Executor } from "../database.ts";
import * as sql from "./artifacts.queries.ts";

/** Why a file has no name yet: it can't be given, or the file is gone. */
export interface UnpublishedFile {
  temporary_name: string;
  kind: "artifact.unpublished" | "artifact.missing";
  error: string;
}

/** A file that couldn't be published. */
interface UnpublishableFile {
  path: string;
  processor: string;
  partition: string;
  error: string;
  since: string;
}

/** The oldest of them, and how many there are in all. */
export interface UnpublishableFiles {
  files: readonly UnpublishableFile[];
  all: number;
}

/** A file of the ledger, settled or published, that can't be there beside one of this path. */
export async function findArtifactInTheWay(
  executor: Executor,
  params: sql.FindArtifactInTheWayParams,
): Promise<sql.FindArtifactInTheWayRow | undefined> {
  return sql.findArtifactInTheWay(executor, params);
}

export async function publishArtifacts(executor: Executor, temporaryNames: readonly string[]): Promise<void> {
  if (temporaryNames.length > 0) await sql.publishArtifacts(executor, { temporary_names: temporaryNames });
}

/** Keeps why files have no name, with an event the first time. */
export async function noteUnpublished(executor: Executor, files: readonly UnpublishedFile[]): Promise<void> {
  if (files.length > 0) await sql.noteUnpublished(executor, inColumns(files));
}

export async function listUnpublishedArtifacts(
  executor: Executor,
): Promise<sql.ListUnpublishedArtifactsRow[]> {
  return sql.listUnpublishedArtifacts(executor);
}

export async function listUnpublishable(
  executor: Executor,
  namespace: string,
  limit: number,
): Promise<UnpublishableFiles> {
  const rows = await sql.listUnpublishable(executor, { namespace, limit });
  const files = rows.map(({ all_files: _, error, since, ...file }) => ({
    ...file,
    error: error ?? "",
    since: since ?? "",
  }));
  return { files, all: rows[0]?.all_files ?? 0 };
}
