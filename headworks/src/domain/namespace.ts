// Namespaces: overlays of the world, each with a configuration, tasks and datasets of its own.

import { LIVE } from "./dispatch/lanes.ts";

/** Every namespace overlays this one, in which live work runs. */
export const PROD = "prod";

/** What a namespace other than `prod` is for; its name begins with it. */
export const NAMESPACE_KINDS = ["batch", "replay"] as const;

export type NamespaceKind = (typeof NAMESPACE_KINDS)[number];

/** The kind that a name says: `replay_season` is a replay; undefined when it can't name a namespace. */
export function namespaceKindOf(name: string): NamespaceKind | undefined {
  const kind = NAMESPACE_KINDS.find((each) => name.startsWith(`${each}_`));
  if (kind === undefined || name.endsWith("_rows")) return undefined;
  return /^[a-z0-9_]{1,40}$/.test(name.slice(kind.length + 1)) ? kind : undefined;
}

/** Whether a lane of this name would be taken for that of a namespace. */
export function isNamespaceLane(lane: string): boolean {
  return lane !== LIVE && NAMESPACE_KINDS.some((kind) => lane.startsWith(`${kind}_`));
}

/**
 * The schema of what a namespace itself has written. In another than `prod` the schema of its name has the overlays: views
 * that add what `prod` has.
 */
export function rowsSchemaOf(namespace: string): string {
  return namespace === PROD ? PROD : `${namespace}_rows`;
}
