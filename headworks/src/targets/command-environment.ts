// The environment of a command: what any program needs of ours, what its definition gives it, and which run it is.

import type { TargetRequest } from "./request.ts";

/** Ours holds secrets, such as the database's address, so only these are handed on, and all that begin with LC_. */
const HANDED_ON = new Set([
  "PATH",
  "HOME",
  "USER",
  "LOGNAME",
  "SHELL",
  "LANG",
  "LANGUAGE",
  "TZ",
  "TMPDIR",
  "HTTP_PROXY",
  "HTTPS_PROXY",
  "NO_PROXY",
  "http_proxy",
  "https_proxy",
  "no_proxy",
  "SSL_CERT_FILE",
  "SSL_CERT_DIR",
  "NODE_EXTRA_CA_CERTS",
]);

/** Where a command leaves its result, and where it finds what was handed over, if anything was. */
export interface TargetPaths {
  resultPath: string;
  payloadPath: string | undefined;
}

/** The variables that a command is started with. A definition can override what is handed on, but not what names the run. */
export function commandEnvironment(
  ours: Readonly<Record<string, string | undefined>>,
  own: Readonly<Record<string, string>>,
  request: TargetRequest,
  { resultPath, payloadPath }: TargetPaths,
): Record<string, string | undefined> {
  const handedOn = Object.entries(ours).filter(([name]) => HANDED_ON.has(name) || name.startsWith("LC_"));
  return {
    ...Object.fromEntries(handedOn),
    ...own,
    HEADWORKS_PIPELINE: request.pipeline,
    HEADWORKS_PROCESSOR: request.processor,
    HEADWORKS_PARTITION: request.partition,
    HEADWORKS_NAMESPACE: request.namespace,
    HEADWORKS_RUN: request.run,
    HEADWORKS_ATTEMPT: String(request.attempt),
    HEADWORKS_RESULT: resultPath,
    ...(payloadPath !== undefined && { HEADWORKS_PAYLOAD: payloadPath }),
    TRACEPARENT: request.traceparent,
  };
}
