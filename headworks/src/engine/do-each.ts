// Does a thing for each of many, where one that fails must stop none of the others.

import { messageOf } from "../domain/error.ts";

/** One after the other. Throws at the end what failed first, and says how many more failed. */
export async function doEach<T>(items: Iterable<T>, work: (item: T) => Promise<unknown>): Promise<void> {
  const failures: unknown[] = [];
  for (const item of items) {
    try {
      await work(item);
    } catch (error) {
      failures.push(error);
    }
  }
  throwFailures(failures);
}

/** Throws the first, and says how many more there were; nothing where there was none. */
export function throwFailures(failures: readonly unknown[]): void {
  const [first] = failures;
  if (failures.length === 1) throw first;
  if (failures.length > 1)
    throw new Error(`${messageOf(first)} (and ${failures.length - 1} more)`, { cause: first });
}
