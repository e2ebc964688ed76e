// Refuses the name of an artifact before its run settles, when it can't be given: after the settlement nobody could be told.

import { type ArtifactNames, checkArtifactPath, foldersOf } from "../../domain/artifact-path.ts";
import { HeadworksError } from "../../domain/error.ts";
import type { Database } from "../../store/database.ts";
import { findArtifactInTheWay } from "../../store/ledger/artifacts.ts";
import type { ArtifactStore } from "./artifacts.ts";

/** Throws ARTIFACT_PATH_INVALID, and ARTIFACT_PATH_TAKEN where a file or a folder of another artifact is in the way. */
export async function admitArtifact(
  { database, artifacts }: { database: Database; artifacts: Pick<ArtifactStore, "findObstacle"> },
  namespace: string,
  path: string,
  ofThisRun: ArtifactNames,
): Promise<void> {
  checkArtifactPath(path);
  const own = ofThisRun.add(path);
  if (own !== undefined) throw taken(path, `"${own}" is a file, of this run`);
  const other = await findArtifactInTheWay(database, { namespace, path, folders: foldersOf(path) });
  if (other !== undefined)
    throw taken(path, `"${other.path}" is a file, of ${other.processor}[${other.partition}]`);
  const obstacle = await artifacts.findObstacle(namespace, path);
  if (obstacle !== undefined) throw taken(path, obstacle);
}

function taken(path: string, why: string): HeadworksError {
  return new HeadworksError({
    code: "ARTIFACT_PATH_TAKEN",
    message: `the artifact "${path}" can't be written: ${why}`,
    hint: "give one of the two another name, such as games/index.json beside games/2026.json",
  });
}
