// The queries of duties.sql, with the types that their headers declare. Written by npm run queries.

import { openQueries } from "../sql.ts";

const queries = openQueries(new URL("duties.sql", import.meta.url));

/** `since` when it fails, and when it last said so. */
export interface DutyFailure {
  duty: string;
  host: string;
  since: string;
  failed_at: string;
  error: string;
  hint: string | null;
}

export interface RecordDutyFailureParams {
  duty: string;
  host: string;
  error: string;
  hint?: string | null | undefined;
}

export interface RecordDutyFailureRow {
  first: boolean;
}

/** A duty fails on a host: since when, and with what last; first tells whether it had worked before. */
export const recordDutyFailure = queries.one<RecordDutyFailureParams, RecordDutyFailureRow>("recordDutyFailure");

export interface ForgetDutyFailureParams {
  duty: string;
  host: string;
}

export interface ForgetDutyFailureRow {
  since: string;
}

/** A duty works again on a host. */
export const forgetDutyFailure = queries.maybe<ForgetDutyFailureParams, ForgetDutyFailureRow>("forgetDutyFailure");

/** The duties that fail, the longest failing first. */
export const listDutyFailures = queries.many<void, DutyFailure>("listDutyFailures");

/** A host whose duty failed tells so once an hour: one that has been silent for a day is gone. */
export const forgetGoneHosts = queries.exec<void>("forgetGoneHosts");
