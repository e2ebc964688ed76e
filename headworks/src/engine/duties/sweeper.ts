// The sweep: the backstop of release. It looks for expected outputs that could run and have no task: at start and every half
// minute, in every process. When one dies, another's sweep finds them.

import { type Database, transaction } from "../../store/database.ts";
import { lookForUnreleased, releaseDownstream } from "../../store/ledger/release.ts";

/** Rows of the ledger that are read in one go. */
const ROWS_AT_ONCE = 10_000;
/** Rows of one round of a large ledger; the next one goes on from there. */
const ROWS_PER_ROUND = 200_000;
/** Outputs that are released in one transaction at most. */
const OUTPUTS_AT_ONCE = 2_000;

/** Sweeps the whole ledger of a namespace. Gives the number of tasks made. */
export async function sweepUnreleased(database: Database, namespace: string): Promise<number> {
  return new Sweeper(database, namespace).round(Number.POSITIVE_INFINITY);
}

export class Sweeper {
  readonly #database: Database;
  readonly #namespace: string;
  #after = 0;

  constructor(database: Database, namespace: string) {
    this.#database = database;
    this.#namespace = namespace;
  }

  /** Releases what should have been released, in small committed batches: in the next rows of the ledger, or to its end. */
  async round(maxRows = ROWS_PER_ROUND): Promise<number> {
    let released = 0;
    for (let rows = 0; rows < maxRows; rows += ROWS_AT_ONCE) {
      const { looked, lastId, unreleased } = await lookForUnreleased(
        this.#database,
        this.#namespace,
        this.#after,
        ROWS_AT_ONCE,
      );
      released += await this.#release(unreleased);
      const isEnd = looked < ROWS_AT_ONCE;
      this.#after = isEnd ? 0 : lastId;
      if (isEnd) break;
    }
    return released;
  }

  async #release(ids: readonly number[]): Promise<number> {
    let released = 0;
    for (let from = 0; from < ids.length; from += OUTPUTS_AT_ONCE) {
      const some = ids.slice(from, from + OUTPUTS_AT_ONCE);
      released += await transaction(this.#database, (connection) => releaseDownstream(connection, [], some));
    }
    return released;
  }
}
