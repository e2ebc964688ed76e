// Which command asks for which operation.

/** Asked by the command of this name, though it is called otherwise. */
const OTHERWISE: Readonly<Record<string, string>> = {
  "backups.restore": "restore",
  "graph.show": "graph",
  "health.show": "health",
  "lineage.trace": "lineage",
  "logs.search": "logs",
  "migrations.apply": "migrate",
  "migrations.plan": "migrate --plan",
  "redrives.cancel": "failures cancel",
  "redrives.list": "failures redrives",
  "retention.preview": "prune --dry-run",
  "retention.prune": "prune",
  "status.show": "status",
};

/** Asked by a command on its way to another operation; it prints nothing of its own. */
export const ON_THE_WAY: Readonly<Record<string, string>> = {
  "configurations.register": "start",
  "failures.retryable": "failures retry",
  "outputs.run": "run",
  "queues.purgeable": "queues purge",
};

/** The words of the command after `headworks`: those of the operation's name, unless it is said otherwise. */
export function commandFor(operation: string): { command: string; isOnTheWay: boolean } {
  const onTheWay = ON_THE_WAY[operation];
  if (onTheWay !== undefined) return { command: onTheWay, isOnTheWay: true };
  return { command: OTHERWISE[operation] ?? operation.replace(".", " "), isOnTheWay: false };
}
