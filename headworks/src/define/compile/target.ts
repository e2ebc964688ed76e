// Checks what a processor runs outside of its process: a program with its environment, or an endpoint with its headers.

import type { AnyProcessorOptions, ExternalTarget } from "../processor.ts";
import { checkHeaders, checkUrl } from "./http.ts";
import type { Problems } from "./problems.ts";

/** What no program can be given: the operating system ends every text at a NUL character. */
const NUL = "\0";

export function checkTarget({ run }: AnyProcessorOptions, where: string, problems: Problems): void {
  if (typeof run === "function") return;
  if (run.kind === "command") {
    checkCommand(run, `${where} › run`, problems);
    return;
  }
  checkUrl(run.url, `${where} › run.url`, problems);
  checkHeaders(run.headers, `${where} › run.headers`, problems);
}

function checkCommand(
  run: Extract<ExternalTarget, { kind: "command" }>,
  where: string,
  problems: Problems,
): void {
  if (!run.command[0]) {
    problems.add(`${where}.command`, "NO_PROGRAM", "it names no program", 'write ["node", "scrape.mjs"]');
  }
  const texts = [
    ...run.command.map((part, at) => [`command[${at}]`, part] as const),
    ["directory", run.directory ?? ""] as const,
  ];
  for (const [field, text] of texts) {
    if (text.includes(NUL)) unwritable(`${where}.${field}`, problems);
  }
  for (const [name, value] of Object.entries(run.env ?? {})) {
    if (name === "" || /[=\0]/.test(name)) {
      problems.add(
        `${where}.env`,
        "BAD_VARIABLE",
        `${JSON.stringify(name)} can't be the name of a variable`,
        "give it a name without = and without a NUL character",
      );
    }
    if (typeof value !== "string") {
      problems.add(
        `${where}.env.${name}`,
        "BAD_VARIABLE",
        `it must be text, not a value of type ${typeof value}`,
        'write it in quotes, such as "5432"',
      );
      continue;
    }
    if (value.includes(NUL)) unwritable(`${where}.env.${name}`, problems);
  }
}

function unwritable(where: string, problems: Problems): void {
  problems.add(where, "BAD_TEXT", "it holds a NUL character, which no program can be given", "leave it out");
}
