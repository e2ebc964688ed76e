// What can be wrong with a backup's file.

import { HeadworksError } from "../../domain/error.ts";

export function damaged(path: string, what: string, cause?: unknown): HeadworksError {
  return new HeadworksError({
    code: "BACKUP_DAMAGED",
    message: `${path} is damaged: ${what}`,
    hint: "use another backup, or copy this one again from where it is whole; nothing was restored",
    cause,
  });
}

export function incomplete(path: string): HeadworksError {
  return new HeadworksError({
    code: "BACKUP_INCOMPLETE",
    message: `${path} is no whole backup: its end is missing`,
    hint: "it was cut off, or is no backup at all: copy it again from where it is whole, or use another",
  });
}

/** A backup of a later Headworks. */
export function newer(path: string, what: string): HeadworksError {
  return new HeadworksError({
    code: "BACKUP_NEWER",
    message: `${path} was made by a newer Headworks: ${what} is not known here`,
    hint: "upgrade Headworks to the version that made the backup, or a later one",
  });
}

export function unsupported(path: string, what: string): HeadworksError {
  return new HeadworksError({
    code: "BACKUP_UNSUPPORTED",
    message: `${path} was made by another version of Headworks: its ${what} is not the one of this version`,
    hint: "backups of versions before the first release can only be restored by the version that made them",
  });
}
