// W3C Trace Context: the `traceparent` that ties a run to the run that released it.

/** Parts of a traceparent: 32 and 16 lower-case hex digits. */
export interface TraceContext {
  traceId: string;
  spanId: string;
}

/** Reads a traceparent; undefined when it is malformed or all zero. Source: W3C Trace Context, version 00. */
export function findTraceContext(traceparent: string): TraceContext | undefined {
  const match = /^00-([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f]{2}$/.exec(traceparent);
  if (match === null) return undefined;
  const [, traceId = "", spanId = ""] = match;
  if (/^0+$/.test(traceId) || /^0+$/.test(spanId)) return undefined;
  return { traceId, spanId };
}

/** Writes a traceparent that asks to be sampled. */
export function formatTraceparent(context: TraceContext): string {
  return `00-${context.traceId}-${context.spanId}-01`;
}

/** The context of a new span: within the parent's trace, or a trace of its own. `randomHex(n)` gives n hex digits. */
export function childContext(
  parent: TraceContext | undefined,
  randomHex: (digits: number) => string,
): TraceContext {
  return { traceId: parent?.traceId ?? randomHex(32), spanId: randomHex(16) };
}
