// What the tests of schema changes share: other definitions of one table, and their plans.

import { z } from "zod";
import { type Dataset, dataset } from "../../define/dataset.ts";
import type { Database } from "../database.ts";
import { boxScores, databaseWith, merge } from "./dataset.fixture.ts";
import { planDatasetChanges } from "./schema.ts";

export const line = { game_id: "g1", player_id: 1, points: 10 };

/** Box scores with other columns, and perhaps another key. */
export const variant = (
  shape: z.core.$ZodLooseShape,
  key: ("game_id" | "player_id")[] = ["game_id", "player_id"],
): Dataset =>
  dataset("box_scores", { schema: z.object({ game_id: z.string(), player_id: z.int(), ...shape }), key });

/** What would change, as a person sees it. */
export async function planOf(database: Database, ...datasets: Dataset[]) {
  const changes = await planDatasetChanges(database, "prod", datasets);
  return changes.map(({ description, safe, loses }) => ({ description, safe, ...(loses ? { loses } : {}) }));
}

/** A database in which the table has one row. */
export async function withOneRow(original: Dataset = boxScores, row: object = line) {
  const db = await databaseWith(original);
  await merge(db.database, "g1", original, [row]);
  return db;
}
