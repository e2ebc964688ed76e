// The sweep: the backstop of release. It looks for expected outputs that could run and have no task.

import { type Database, transaction } from "../store/database.ts";
import { listUnreleased, releaseDownstream } from "../store/release.ts";

const OUTPUTS_AT_ONCE = 2_000;

/** Releases whatever should have been released, in small committed batches. Gives the number of tasks made. */
export async function sweepUnreleased(database: Database): Promise<number> {
  let released = 0;
  for (let after = 0; ; ) {
    const ids = await listUnreleased(database, after, OUTPUTS_AT_ONCE);
    if (ids.length > 0)
      released += await transaction(database, (connection) => releaseDownstream(connection, [], ids));
    if (ids.length < OUTPUTS_AT_ONCE) return released;
    after = ids.at(-1) ?? after;
  }
}
