// `headworks breakers list` and `reset`: which circuit breakers are open and why; closes one by hand.

import { type Command, Option } from "commander";
import type { Breaker } from "../../contract/breakers.ts";
import { BREAKER_KINDS, type BreakerKind } from "../../domain/dispatch/breaker.ts";
import { PROD } from "../../domain/namespace.ts";
import { listBreakers } from "../../inspect/breakers.ts";
import { resetBreaker } from "../../operate/breakers.ts";
import type { GlobalOptions } from "../globals.ts";
import { relative } from "../render/instants.ts";
import { painter, safeText, widthOf, writeData, writeJson, writeMessage } from "../render/output.ts";
import { type Column, table } from "../render/table.ts";
import { withOperator, withStore } from "../session.ts";

interface ResetOptions extends GlobalOptions {
  kind?: BreakerKind;
}

export function configure(command: Command): void {
  command
    .command("list")
    .description("list the circuit breakers that were ever used, the open ones first")
    .addHelpText("after", "\nExample:\n  $ headworks breakers list")
    .action(async (_options, self: Command) => list(self.optsWithGlobals<GlobalOptions>()));
  command
    .command("reset <name>")
    .description("close a circuit breaker now, and forget its failures")
    .addOption(
      new Option("--kind <kind>", "which one, if a source and a processor share the name").choices(
        BREAKER_KINDS,
      ),
    )
    .addHelpText("after", "\nExample:\n  $ headworks breakers reset stats")
    .action(async (name: string, _options, self: Command) =>
      reset(name, self.optsWithGlobals<ResetOptions>()),
    );
}

async function list(options: GlobalOptions): Promise<void> {
  const page = await withStore(options, (database) => listBreakers(database, PROD));
  if (options.json) return writeJson(page);
  if (page.items.length === 0)
    return writeMessage(
      "no circuit breaker has been used yet; declare one with `breaker` in a source or a processor",
    );
  const { stdout } = process;
  const now = Date.now();
  const columns: Column<Breaker>[] = [
    { title: "breaker", value: (row) => row.name },
    { title: "kind", value: (row) => row.kind },
    { title: "state", value: (row) => row.state.replace("_", "-") },
    { title: "since", value: (row) => (row.opened_at === null ? "" : relative(row.opened_at, now)) },
    { title: "next probe", value: (row) => nextProbe(row, now) },
    { title: "why", value: (row) => safeText(row.reason ?? failuresOf(row)), flexible: true },
  ];
  writeData(table(page.items, columns, { paint: painter(stdout), width: widthOf(stdout) }));
}

function nextProbe(row: Breaker, now: number): string {
  if (row.state === "half_open") return row.probe_until === null ? "with the next run" : "under way";
  if (row.retry_at === null) return "";
  return Date.parse(row.retry_at) <= now ? "with the next run" : relative(row.retry_at, now);
}

function failuresOf({ failures_in_row: failures }: Breaker): string {
  if (failures === 0) return "";
  return failures === 1 ? "the last one failed" : `the last ${failures} failed`;
}

async function reset(name: string, options: ResetOptions): Promise<void> {
  const { kind } = options;
  const closed = await withOperator(options, (operator) => resetBreaker(operator, { name, kind }));
  if (options.json) return writeJson(closed);
  const what = closed.was === "closed" ? "was already closed; its failures are forgotten" : "is closed";
  writeMessage(
    `the breaker of the ${closed.kind} ${name} ${what}; tasks that wait for it run at their next check`,
  );
}
