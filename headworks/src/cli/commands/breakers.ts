// `headworks breakers list` and `reset`: which circuit breakers are open and why; closes one by hand.

import { type Command, Option } from "commander";
import { HeadworksError } from "../../domain/error.ts";
import { requireKnown } from "../../domain/known-name.ts";
import { type Database, transaction } from "../../store/database.ts";
import {
  type BreakerKind,
  type BreakerName,
  type BreakerRow,
  listBreakers,
  resetBreaker,
} from "../../store/failure/breakers.ts";
import { recordAudit } from "../../store/history/records.ts";
import { actor } from "../actor.ts";
import type { GlobalOptions } from "../globals.ts";
import { relative } from "../render/instants.ts";
import { painter, safeText, widthOf, writeData, writeJson, writeMessage } from "../render/output.ts";
import { type Column, table } from "../render/table.ts";
import { withStore } from "../session.ts";

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
      new Option("--kind <kind>", "which one, where a source and a processor have the same name").choices([
        "source",
        "processor",
      ]),
    )
    .addHelpText("after", "\nExample:\n  $ headworks breakers reset stats")
    .action(async (name: string, _options, self: Command) =>
      reset(name, self.optsWithGlobals<ResetOptions>()),
    );
}

async function list(options: GlobalOptions): Promise<void> {
  const breakers = await withStore(options, listBreakers);
  if (options.json) return writeJson({ items: breakers, next_cursor: null });
  if (breakers.length === 0) {
    return writeMessage(
      "no circuit breaker was used yet; declare one with `breaker` in a source or a processor",
    );
  }
  const { stdout } = process;
  const now = Date.now();
  const columns: Column<BreakerRow>[] = [
    { title: "breaker", value: (row) => row.name },
    { title: "kind", value: (row) => row.kind },
    { title: "state", value: (row) => row.state.replace("_", "-") },
    { title: "since", value: (row) => (row.opened_at === null ? "" : relative(row.opened_at, now)) },
    { title: "next probe", value: (row) => nextProbe(row, now) },
    { title: "why", value: (row) => safeText(row.reason ?? failuresOf(row)), flexible: true },
  ];
  writeData(table(breakers, columns, { paint: painter(stdout), width: widthOf(stdout) }));
}

function nextProbe(row: BreakerRow, now: number): string {
  if (row.state === "half_open") return row.probe_until === null ? "with the next run" : "under way";
  if (row.retry_at === null) return "";
  return Date.parse(row.retry_at) <= now ? "with the next run" : relative(row.retry_at, now);
}

function failuresOf({ failures_in_row: failures }: BreakerRow): string {
  if (failures === 0) return "";
  return failures === 1 ? "the last one failed" : `the last ${failures} failed`;
}

async function reset(name: string, options: ResetOptions): Promise<void> {
  const { breaker, was } = await withStore(options, async (database) => {
    const chosen = await requireBreaker(database, name, options.kind);
    return transaction(database, async (connection) => {
      const state = await resetBreaker(connection, chosen);
      await recordAudit(connection, {
        actor: actor(),
        action: "breaker.reset",
        subject: name,
        details: { kind: chosen.kind, was: state },
      });
      return { breaker: chosen, was: state };
    });
  });
  if (options.json) return writeJson({ ...breaker, state: "closed", was });
  const before = was === "closed" ? "was closed already; its failures are forgotten" : "is closed";
  writeMessage(
    `the breaker of the ${breaker.kind} ${name} ${before}; what waits for it runs when it looks again`,
  );
}

/** Throws UNKNOWN_BREAKER, or USAGE when a source and a processor of this name have one. */
async function requireBreaker(
  database: Database,
  name: string,
  kind: BreakerKind | undefined,
): Promise<BreakerName> {
  const breakers = (await listBreakers(database)).filter((each) => kind === undefined || each.kind === kind);
  requireKnown(
    "breaker",
    name,
    breakers.map((each) => each.name),
  );
  const [found, other] = breakers.filter((each) => each.name === name);
  if (found === undefined) throw new Error(`${name} is known and not there`);
  if (other === undefined) return { kind: found.kind, name };
  throw new HeadworksError({
    code: "USAGE",
    message: `a source and a processor are called ${name}`,
    hint: "say which one with --kind source or --kind processor",
  });
}
