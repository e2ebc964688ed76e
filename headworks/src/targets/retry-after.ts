// Reads the Retry-After header: seconds, or a date.

/** How long to wait, in milliseconds from `now` (epoch milliseconds), never negative; undefined when the header says nothing. Source: RFC 9110, 10.2.3. */
export function findRetryAfterMs(header: string | undefined, now: number): number | undefined {
  if (header === undefined) return undefined;
  const text = header.trim();
  if (/^\d+$/.test(text)) return Number(text) * 1_000;
  const date = Date.parse(text);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}
