// The partitions that discovered ones lie in. Runs begin together, as they are claimed: what they ask is asked in one query.

import type { Database } from "../../store/database.ts";
import { findParents, type Member } from "../../store/ledger/planning.ts";

interface Asked {
  member: Member;
  answer: PromiseWithResolvers<string | undefined>;
}

export class Parents {
  readonly #database: Database;
  #asked: Asked[] = [];

  constructor(database: Database) {
    this.#database = database;
  }

  /** The parent of a member; undefined when nothing has discovered it. */
  find(member: Member): Promise<string | undefined> {
    const answer = Promise.withResolvers<string | undefined>();
    this.#asked.push({ member, answer });
    if (this.#asked.length === 1) queueMicrotask(() => void this.#ask());
    return answer.promise;
  }

  async #ask(): Promise<void> {
    const asked = this.#asked;
    this.#asked = [];
    try {
      const parents = await findParents(
        this.#database,
        asked.map(({ member }) => member),
      );
      for (const [place, { answer }] of asked.entries()) answer.resolve(parents[place]);
    } catch (error) {
      for (const { answer } of asked) answer.reject(error);
    }
  }
}
