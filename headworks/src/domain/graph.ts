// The order in which processors can run, and the cycle that makes one impossible.

/** Names in an order in which each comes after everything it depends on, or the cycle that prevents it (first = last). */
export type Ordering = { order: string[] } | { cycle: string[] };

/** Orders a graph given as name → names it depends on. Unknown names are passed over: they are another error. */
export function orderByDependency(dependencies: ReadonlyMap<string, readonly string[]>): Ordering {
  const order: string[] = [];
  const visited = new Set<string>();
  for (const name of dependencies.keys()) {
    const cycle = visit(name, dependencies, visited, [], order);
    if (cycle !== undefined) return { cycle };
  }
  return { order };
}

function visit(
  name: string,
  dependencies: ReadonlyMap<string, readonly string[]>,
  visited: Set<string>,
  path: readonly string[],
  order: string[],
): string[] | undefined {
  const seenAt = path.indexOf(name);
  if (seenAt >= 0) return [...path.slice(seenAt), name];
  if (visited.has(name)) return undefined;
  const known = dependencies.get(name);
  if (known === undefined) return undefined;
  for (const dependency of known) {
    const cycle = visit(dependency, dependencies, visited, [...path, name], order);
    if (cycle !== undefined) return cycle;
  }
  visited.add(name);
  order.push(name);
  return undefined;
}
