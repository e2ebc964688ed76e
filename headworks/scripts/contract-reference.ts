// The reference of the contract as a page: every operation, how it is asked, what it takes and what it answers.

import type { z } from "zod";
import { commandFor } from "../src/cli/asked-by.ts";
import type { Operation } from "../src/contract/operation.ts";
import { OPERATIONS } from "../src/contract/operations.ts";
import { PRINTED } from "../src/contract/printed.ts";
import { type FieldRow, fieldsOf } from "./contract-fields.ts";

const HEAD = `# The contract

<!-- Written by \`npm run reference\` from headworks/src/contract; change it there. -->

Every question and every action is declared once, in \`headworks/src/contract\`. What a command prints with \`--json\` is the output that
is listed here. Every \`viewer\` may ask a question; an action needs an \`operator\` or an \`admin\`.

- Keys are in \`snake_case\`. An *instant* is ISO 8601 in UTC, with three decimals of a second, or six. Durations end in \`_ms\`.
- Fields may be added. None is renamed or removed within a major version.
- A list is a page: \`items\`, and \`next_cursor\`, which leads to the next page and is null on the last one.
- A field is always there unless it is said to be optional; what is unknown is null.
- The routes are those of the server to come; until then the command line is the way to ask.
`;

/** The whole page, in Markdown. */
export function contractReference(): string {
  const groups = Map.groupBy(OPERATIONS.values(), ({ name }) => name.split(".")[0] ?? name);
  const sections = [...groups].map(([group, operations]) =>
    [`## ${group}`, ...operations.map(operationSection)].join("\n\n"),
  );
  return `${[HEAD.trimEnd(), ...sections, printedSection()].join("\n\n")}\n`;
}

function operationSection(operation: Operation): string {
  const { name, summary, method, path, role, createsWork, input, output } = operation;
  const asked = [
    `\`${method} ${path}\``,
    `${role}`,
    commandOf(name),
    ...(createsWork ? ["creates work"] : []),
  ];
  return [
    `### ${name}`,
    summary,
    asked.join(" · "),
    ...shapeOf("Input", input, "input"),
    ...shapeOf("Output", output, "output"),
  ].join("\n\n");
}

function commandOf(name: string): string {
  const { command, isOnTheWay } = commandFor(name);
  return `${isOnTheWay ? "asked by " : ""}\`headworks ${command}\``;
}

function printedSection(): string {
  const commands = Object.entries(PRINTED).map(([command, { summary, output }]) =>
    [`### headworks ${command}`, summary, ...shapeOf("Output", output, "output")].join("\n\n"),
  );
  return ["## What other commands print", ...commands].join("\n\n");
}

function shapeOf(title: string, shape: z.ZodType, io: "input" | "output"): string[] {
  const rows = fieldsOf(shape, io);
  if (rows.length === 0) return [];
  return [[`| ${title.toLowerCase()} | type | |`, "|---|---|---|", ...rows.map(rowText)].join("\n")];
}

function rowText({ name, type, notes }: FieldRow): string {
  return `| \`${name}\` | ${cell(type)} | ${cell(notes.join("; "))} |`;
}

function cell(text: string): string {
  return text.replaceAll("|", "\\|");
}
