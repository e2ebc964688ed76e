// Says on one line where a value doesn't fit its schema.

import type { z } from "zod";

const ISSUES_SHOWN = 5;

/** `games[0].id: expected string; games[1].date: …; and 3 more`. `whole` is what the value itself is called. */
export function describeSchemaIssues({ issues }: z.ZodError, whole: string): string {
  const shown = issues
    .slice(0, ISSUES_SHOWN)
    .map((issue) => `${formatPath(issue.path) || whole}: ${issue.message}`);
  const more = issues.length > ISSUES_SHOWN ? `; and ${issues.length - ISSUES_SHOWN} more` : "";
  return `${shown.join("; ")}${more}`;
}

/** `games[0].id` */
function formatPath(path: readonly PropertyKey[]): string {
  const text = path.map((key) => (typeof key === "number" ? `[${key}]` : `.${String(key)}`)).join("");
  return text.replace(/^\./, "");
}
