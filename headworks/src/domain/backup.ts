// The states of a backup, which PostgreSQL repeats as a CHECK.

export type BackupState = "running" | "done" | "failed";
export type EndedBackupState = Exclude<BackupState, "running">;
