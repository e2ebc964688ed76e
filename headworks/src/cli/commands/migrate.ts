// `headworks migrate`: shows and applies pending changes of Headworks' own tables, and of the datasets' tables.

import type { Command } from "commander";
import { HeadworksError } from "../../domain/error.ts";
import { plural } from "../../domain/plural.ts";
import { applyTables, describeChange, planTables } from "../../fleet/prepare.ts";
import type { Database } from "../../store/database.ts";
import type { DatasetChange } from "../../store/dataset/schema.ts";
import { listPendingMigrations, type Migration, migrate } from "../../store/migrate.ts";
import { confirm } from "../confirm.ts";
import { type GlobalOptions, readConfiguration } from "../globals.ts";
import { writeData, writeJson, writeMessage } from "../render/output.ts";
import { openStore } from "../session.ts";

interface MigrateOptions extends GlobalOptions {
  datasets?: boolean;
  plan?: boolean;
  yes?: boolean;
}

/** What is, or would be, changed. */
interface Plan {
  migrations: Migration[];
  datasets: DatasetChange[];
  applied: boolean;
}

export function configure(command: Command): void {
  command
    .option("--datasets", "the datasets' tables too")
    .option("--plan", "show what would change, and change nothing")
    .option("--yes", "apply what can lose data without asking")
    .addHelpText("after", "\nExample:\n  $ headworks migrate --datasets --plan")
    .action(async (_options, self: Command) => run(self.optsWithGlobals<MigrateOptions>()));
}

async function run(options: MigrateOptions): Promise<void> {
  const configuration = options.datasets ? await readConfiguration(options) : undefined;
  const store = await openStore(options);
  try {
    const { database } = store;
    const migrations = options.plan ? await listPendingMigrations(database) : await migrate(database);
    // Before Headworks' own tables are there, nothing is known of those of the datasets.
    const canPlan = (await listPendingMigrations(database)).length === 0;
    const datasets = configuration && canPlan ? await planTables(database, configuration.registry) : [];
    const plan = { migrations, datasets, applied: !options.plan };
    if (!options.json) writeData(render(plan));
    if (!options.plan) await applyConfirmed(database, datasets, options);
    if (options.json)
      writeJson({ ...plan, datasets: datasets.map(({ target: _target, ...change }) => change) });
    if (configuration && !canPlan)
      writeMessage("the datasets' tables can be planned once these migrations are applied");
  } finally {
    await store.close();
  }
}

async function applyConfirmed(
  database: Database,
  changes: readonly DatasetChange[],
  options: MigrateOptions,
): Promise<void> {
  if (changes.length === 0) return;
  const unsafe = changes.filter((change) => !change.safe);
  const question = `Apply ${plural(unsafe.length, "change")} that can lose data?`;
  if (unsafe.length > 0 && !options.yes && !(await confirm(question))) throw notConfirmed(unsafe.length);
  await applyTables(database, changes);
  if (!options.json) writeData(`applied ${plural(changes.length, "change")}`);
}

function render({ migrations, datasets, applied }: Plan): string[] {
  const lines = migrations.map(
    ({ version, name }) => `${applied ? "applied" : "pending"} migration ${version} ${name}`,
  );
  const changes = datasets.flatMap(describeChange);
  return lines.length + changes.length === 0 ? ["everything is up to date"] : [...lines, ...changes];
}

function notConfirmed(amount: number): HeadworksError {
  return new HeadworksError({
    code: "NOT_CONFIRMED",
    message: `${plural(amount, "change")} can lose data, and you did not confirm: no dataset was changed`,
    hint: "look at what is lost above, then run the command with --yes",
  });
}
