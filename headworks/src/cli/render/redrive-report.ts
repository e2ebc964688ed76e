// Lists redrives, and cancels one.

import { HeadworksError } from "../../domain/error.ts";
import { PROD } from "../../domain/namespace.ts";
import { count, plural } from "../../domain/plural.ts";
import { transaction } from "../../store/database.ts";
import { cancelRedrive, findRedrive, listRedrives, type Redrive } from "../../store/failure/redrives.ts";
import { recordAudit } from "../../store/history/records.ts";
import { actor } from "../actor.ts";
import type { GlobalOptions } from "../globals.ts";
import { withStore } from "../session.ts";
import { relative } from "./instants.ts";
import { painter, widthOf, writeData, writeJson, writeMessage } from "./output.ts";
import { type Column, table } from "./table.ts";

const SHOWN = 50;

export async function showRedrives(options: GlobalOptions): Promise<void> {
  const redrives = await withStore(options, (database) => listRedrives(database, PROD, SHOWN));
  if (options.json) return writeJson({ items: redrives, next_cursor: null });
  if (redrives.length === 0)
    return writeMessage("there was no redrive yet; `headworks failed retry` makes one");
  const now = Date.now();
  const columns: Column<Redrive>[] = [
    { title: "redrive", align: "right", value: (row) => row.id },
    { title: "state", value: (row) => row.state },
    { title: "ready", align: "right", value: (row) => `${count(row.retried)} of ${count(row.tasks)}` },
    { title: "per second", align: "right", value: (row) => row.rate },
    { title: "by", value: (row) => row.created_by },
    { title: "begun", align: "right", value: (row) => relative(row.created_at, now) },
    { title: "of", value: (row) => filterOf(row), flexible: true },
  ];
  const { stdout } = process;
  writeData(table(redrives, columns, { paint: painter(stdout), width: widthOf(stdout) }));
}

function filterOf({ filter }: Redrive): string {
  const parts = Object.entries(filter).map(([name, value]) => `${name} ${value}`);
  return parts.length === 0 ? "all failed tasks" : parts.join(", ");
}

export async function cancel(id: number, options: GlobalOptions): Promise<void> {
  const { retried, tasks } = await withStore(options, (database) =>
    transaction(database, async (connection) => {
      const cancelled = await cancelRedrive(connection, id);
      const found = await findRedrive(connection, id);
      if (found === undefined) throw unknown(id);
      if (!cancelled) throw overAlready(found);
      const details = { retried: found.retried, tasks: found.tasks };
      await recordAudit(connection, {
        actor: actor(),
        action: "redrive.cancel",
        subject: String(id),
        details,
      });
      return found;
    }),
  );
  if (options.json) return writeJson({ redrive: id, state: "cancelled", retried, tasks });
  writeMessage(
    `redrive ${id} is cancelled: ${count(retried)} of ${count(tasks)} tasks are ready, the rest stays failed`,
  );
}

function unknown(id: number): HeadworksError {
  return new HeadworksError({
    code: "REDRIVE_UNKNOWN",
    message: `there is no redrive ${id}`,
    hint: "`headworks failed redrives` lists them",
  });
}

function overAlready({ id, state, retried }: Redrive): HeadworksError {
  return new HeadworksError({
    code: "REDRIVE_OVER",
    message: `the redrive ${id} is ${state} already, with ${plural(retried, "task")} ready`,
    hint: "`headworks tasks cancel` takes back tasks that wait for their turn",
  });
}
