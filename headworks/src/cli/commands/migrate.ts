// `headworks migrate`: shows and applies pending changes of Headworks' own tables, and of the datasets' tables.

import type { Command } from "commander";
import type { Migrations } from "../../contract/migrations.ts";
import type { Registry } from "../../define/registry.ts";
import { HeadworksError } from "../../domain/error.ts";
import { plural } from "../../domain/plural.ts";
import { asData, planDatasets, planMigrations } from "../../inspect/migrations.ts";
import { applyDatasets, applyMigrations, describeChange } from "../../operate/migrations.ts";
import type { Operator } from "../../operate/operator.ts";
import { confirm } from "../confirm.ts";
import { type GlobalOptions, readConfiguration } from "../globals.ts";
import { writeData, writeJson, writeMessage } from "../render/output.ts";
import { openStore, operatorOf } from "../session.ts";

interface MigrateOptions extends GlobalOptions {
  datasets?: boolean;
  plan?: boolean;
  yes?: boolean;
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
  const registry = options.datasets ? (await readConfiguration(options)).registry : undefined;
  const store = await openStore(options);
  try {
    const operator = operatorOf(store.database);
    const changed = options.plan
      ? await plan(operator, registry, options)
      : await apply(operator, registry, options);
    if (options.json) writeJson(changed);
    if (registry !== undefined && !changed.applied && changed.migrations.length > 0)
      writeMessage("the datasets' tables can be planned once these migrations are applied");
  } finally {
    await store.close();
  }
}

async function plan(
  { database, namespace }: Operator,
  registry: Registry | undefined,
  { json }: MigrateOptions,
): Promise<Migrations> {
  const planned = await planMigrations(database, namespace, registry);
  if (!json) writeData(render(planned));
  return planned;
}

async function apply(
  operator: Operator,
  registry: Registry | undefined,
  options: MigrateOptions,
): Promise<Migrations> {
  const migrations = await applyMigrations(operator);
  const changes = registry ? await planDatasets(operator.database, operator.namespace, registry) : [];
  const done = { migrations, datasets: changes.map(asData), applied: true } as const;
  if (!options.json) writeData(render(done));
  const unsafe = changes.filter((change) => !change.safe).length;
  const question = `Apply ${plural(unsafe, "change")} that can lose data?`;
  if (unsafe > 0 && !options.yes && !(await confirm(question))) throw notConfirmed(unsafe);
  await applyDatasets(operator, changes);
  if (!options.json && changes.length > 0) writeData(`applied ${plural(changes.length, "change")}`);
  return done;
}

function render({ migrations, datasets, applied }: Migrations): string[] {
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
