// What to do about an error of the database, the file system or the network: blame the run, try again, wait, or stop.

/**
 * - `blame`: it speaks of the data or of the request; the same thing would fail again.
 * - `contend`: a race was lost, or a statement took too long; the same thing may succeed at once.
 * - `wait`: it speaks of the server, the disk or the network; the same thing succeeds when that is over.
 * - `stop`: the environment is not as it must be; a person has to change it.
 */
export type Verdict = "blame" | "contend" | "wait" | "stop";

/** By SQLSTATE, or its class of two characters. https://www.postgresql.org/docs/current/errcodes-appendix.html */
const SQLSTATES: Readonly<Record<string, Verdict>> = {
  "08": "wait", // connection exception
  "08P01": "stop", // protocol violation: a pooler that refuses what is asked of it
  "0A": "stop", // feature not supported
  "21": "blame", // cardinality violation
  "22": "blame", // data exception
  "23": "blame", // integrity constraint violation
  "25": "wait", // transaction state: read-only, idle for too long
  "26": "wait", // a prepared statement is gone: the connection is another one behind a pooler
  "28": "stop", // authorization
  "3D": "stop", // no such database
  "3F": "stop", // no such schema
  "40": "contend", // rolled back: serialization failure, deadlock
  "42": "stop", // no such table or column, no privilege
  "44": "blame", // check option of a view
  "53": "wait", // insufficient resources: disk full, out of memory, too many connections
  "54": "blame", // program limit: a row or an index entry is too large
  "55": "wait", // an object is in use
  "55P03": "contend", // a lock wasn't to be had in time
  "57": "wait", // operator intervention: shut down, starting up
  "57014": "contend", // canceled: it took too long
  "58": "wait", // system error: input and output
  F0: "wait", // configuration file
  P0: "blame", // raised by a trigger
  XX: "wait", // internal error, damaged data
};

/** By the operating system's names, and by those of TLS libraries. */
const NAMES: Readonly<Record<string, Verdict>> = {
  ...verdictOf(
    "wait",
    "ECONNREFUSED ECONNRESET ECONNABORTED EPIPE ETIMEDOUT EHOSTUNREACH EHOSTDOWN ENETUNREACH ENETDOWN",
  ),
  ...verdictOf("wait", "EAI_AGAIN ENOTFOUND"),
  ...verdictOf("wait", "ENOSPC EDQUOT EIO EROFS EMFILE ENFILE ENOMEM EAGAIN EBUSY ESTALE ENOBUFS"),
  ...verdictOf("blame", "ENAMETOOLONG EISDIR ENOTDIR EINVAL ELOOP EEXIST ENOTEMPTY EFBIG EILSEQ"),
  ...verdictOf("stop", "EACCES EPERM ENOENT ENODEV ENXIO"),
  ...verdictOf(
    "stop",
    "CERT_HAS_EXPIRED CERT_NOT_YET_VALID CERT_REVOKED CERT_UNTRUSTED DEPTH_ZERO_SELF_SIGNED_CERT",
  ),
  ...verdictOf(
    "stop",
    "SELF_SIGNED_CERT_IN_CHAIN UNABLE_TO_VERIFY_LEAF_SIGNATURE UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
  ),
  ...verdictOf("stop", "ERR_TLS_CERT_ALTNAME_INVALID UNABLE_TO_GET_ISSUER_CERT HOSTNAME_MISMATCH"),
};

/** What a code says: a SQLSTATE, an errno's name or a TLS error's. Undefined for one that isn't known. */
export function verdictOn(code: string): Verdict | undefined {
  const byName = NAMES[code];
  if (byName !== undefined) return byName;
  return /^[0-9A-Z]{5}$/.test(code) ? (SQLSTATES[code] ?? SQLSTATES[code.slice(0, 2)]) : undefined;
}

/** What a status of a response says of the request: `blame` for one that the same request would get again. */
export function verdictOnStatus(status: number): Verdict | undefined {
  if (status < 400) return undefined;
  if (status === 401 || status === 403 || status === 407) return "stop";
  if (status === 408 || status === 425 || status === 429) return "wait";
  return status >= 500 && status !== 501 && status !== 505 ? "wait" : "blame";
}

function verdictOf(verdict: Verdict, codes: string): Record<string, Verdict> {
  return Object.fromEntries(codes.split(" ").map((code) => [code, verdict]));
}
