// Instants as people read and write them: "3m ago", "in 2h", `--since 90m`.

import { findDurationMs, formatDuration } from "../../domain/duration.ts";
import { HeadworksError } from "../../domain/error.ts";

/** How long ago, in the largest unit that matters; "in 2h" for what is to come; "–" for nothing. */
export function relative(instant: string | null, now: number): string {
  if (instant === null) return "–";
  const distance = now - Date.parse(instant);
  const [largest = ""] = formatDuration(Math.abs(distance)).split(" ");
  if (Math.abs(distance) < 1_000) return "now";
  return distance > 0 ? `${rounded(largest)} ago` : `in ${rounded(largest)}`;
}

/** A duration before now, a day, or an instant; as ISO 8601. Throws INSTANT_INVALID. */
export function parseSince(text: string, now: number, option = "--since"): string {
  const ago = findDurationMs(text);
  if (ago !== undefined) return new Date(now - ago).toISOString();
  const at = /^\d{4}-\d{2}-\d{2}/.test(text) ? Date.parse(text) : Number.NaN;
  if (!Number.isNaN(at)) return new Date(at).toISOString();
  throw new HeadworksError({
    code: "INSTANT_INVALID",
    message: `${option} ${text} is neither a duration nor an instant`,
    hint: "write how long ago, such as 90m, 6h or 2d, or an instant such as 2026-01-14T03:00:00Z",
  });
}

/** `--until` of what is to come: a duration from now, a day, or an instant. Throws INSTANT_INVALID. */
export function parseAhead(text: string, now: number): string {
  const ahead = findDurationMs(text);
  const at = ahead === undefined ? parseSince(text, now, "--until") : new Date(now + ahead).toISOString();
  if (Date.parse(at) > now) return at;
  throw new HeadworksError({
    code: "INSTANT_INVALID",
    message: `--until ${text} is not in the future`,
    hint: "write for how long, such as 6h or 2d, or an instant that is to come",
  });
}

/** An ISO 8601 instant without its fractions of a second. */
export function toSeconds(instant: string): string {
  return `${instant.slice(0, 19)}Z`;
}

function rounded(duration: string): string {
  return duration.replace(/^(\d+)\.\d+s$/, "$1s");
}
