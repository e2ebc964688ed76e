// The queries of artifacts.sql, with the types that their headers declare. Written by npm run queries.

import { openQueries } from "../sql.ts";

const queries = openQueries(new URL("artifacts.sql", import.meta.url));

export interface FindArtifactInTheWayParams {
  namespace: string;
  path: string;
  folders: readonly string[];
}

export interface FindArtifactInTheWayRow {
  path: string;
  processor: string;
  partition: string;
}

/** A file that lies where this path has a folder, or within this path; one that has expired is as good as gone. */
export const findArtifactInTheWay = queries.maybe<FindArtifactInTheWayParams, FindArtifactInTheWayRow>("findArtifactInTheWay");

export interface PublishArtifactsParams {
  temporary_names: readonly string[];
}

/** Files that now have their final name; a temporary name is given once. */
export const publishArtifacts = queries.exec<PublishArtifactsParams>("publishArtifacts");

export interface NoteUnpublishedParams {
  temporary_name: readonly string[];
  kind: readonly string[];
  error: readonly string[];
}

/** Files that could not be given their names, and why; the first time there is an event. */
export const noteUnpublished = queries.exec<NoteUnpublishedParams>("noteUnpublished");

export interface ListUnpublishedArtifactsRow {
  namespace: string;
  path: string;
  temporary_name: string;
  overdue: boolean;
  publish_error: string | null;
}

/** Files that a crash left between settlement and renaming; whoever settled an overdue one has had minutes to rename it. */
export const listUnpublishedArtifacts = queries.many<void, ListUnpublishedArtifactsRow>("listUnpublishedArtifacts");

export interface ListUnpublishableParams {
  namespace: string;
  limit: number;
}

export interface ListUnpublishableRow {
  path: string;
  processor: string;
  partition: string;
  error: string | null;
  since: string | null;
  all_files: number;
}

/** Files that could not be published, the oldest first, and how many there are in all. */
export const listUnpublishable = queries.many<ListUnpublishableParams, ListUnpublishableRow>("listUnpublishable");
