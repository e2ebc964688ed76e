import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { TestDatabase } from "../../testing/database.ts";
import { boxScores, databaseWith, mergeGroup, runOf, staged, tableRows } from "./dataset.fixture.ts";

interface Line {
  game_id: string;
  player_id: number;
  points: number;
}

/** What the table should hold: by key, the points and the partition that owns the row. */
type Model = Map<string, { points: number; partition: string }>;

const keyOf = (line: Pick<Line, "game_id" | "player_id">) => `${line.game_id}/${line.player_id}`;
const partitions = ["p1", "p2", "p3"];

const line: fc.Arbitrary<Line> = fc.record({
  game_id: fc.constantFrom("a", "b", "B"),
  player_id: fc.integer({ min: 0, max: 5 }),
  points: fc.integer({ min: 0, max: 2 }),
});
const written = fc.record({
  partition: fc.constantFrom(...partitions),
  lines: fc.array(line, { maxLength: 20 }),
  staged: fc.boolean(),
});

let db: TestDatabase;
beforeAll(async () => {
  db = await databaseWith(boxScores);
});
afterAll(() => db[Symbol.asyncDispose]());

async function mergeLines(group: readonly { partition: string; lines: Line[]; staged: boolean }[]) {
  const runs = group.map(async (each) => {
    const run = runOf(each.partition, boxScores, each.lines);
    return each.staged ? staged(db.database, boxScores, run) : run;
  });
  return mergeGroup(db.database, boxScores, await Promise.all(runs));
}

test("counts exactly what changed, and changes nothing the second time", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(written, { minLength: 1, maxLength: 6 }), async (merges) => {
      await db.database.query("truncate prod.box_scores");
      const model: Model = new Map();
      for (const merge of merges) {
        const expected = applyTo(model, [merge]);
        expect(await mergeLines([merge])).toEqual(expected);
        await expectTable(model);
        const again = {
          inserted: 0,
          updated: 0,
          removed: 0,
          unchanged: new Set(merge.lines.map(keyOf)).size,
        };
        expect(await mergeLines([merge])).toEqual([again]);
      }
    }),
    { numRuns: 25 },
  );
});

test("merges a group as it would each of its runs, where they write different rows", async () => {
  const group = fc.uniqueArray(written, { selector: (each) => each.partition, minLength: 2, maxLength: 3 });
  await fc.assert(
    fc.asyncProperty(fc.array(written, { maxLength: 3 }), group, async (before, overlapping) => {
      await db.database.query("truncate prod.box_scores");
      const model: Model = new Map();
      for (const merge of before) {
        await mergeLines([merge]);
        applyTo(model, [merge]);
      }
      const runs = withoutOverlaps(overlapping);
      expect(await mergeLines(runs)).toEqual(applyTo(model, runs));
      await expectTable(model);
    }),
    { numRuns: 25 },
  );
});

/** Each key is left to the first run that writes it. */
function withoutOverlaps<G extends { lines: Line[] }>(group: readonly G[]): G[] {
  const taken = new Set<string>();
  return group.map((run) => {
    const lines = run.lines.filter((each) => !taken.has(keyOf(each)));
    for (const each of lines) taken.add(keyOf(each));
    return { ...run, lines };
  });
}

/** What a merge should do, in plain JavaScript: changes the model and gives the counts. */
function applyTo(model: Model, group: readonly { partition: string; lines: Line[] }[]) {
  const inGroup = new Set(group.map((run) => run.partition));
  const kept = new Set(group.flatMap((run) => run.lines.map(keyOf)));
  const gone = [...model].filter(([key, row]) => inGroup.has(row.partition) && !kept.has(key));
  for (const [key] of gone) model.delete(key);
  return group.map(({ partition, lines }) => {
    const removed = gone.filter(([, row]) => row.partition === partition).length;
    const counts = { inserted: 0, updated: 0, unchanged: 0, removed };
    for (const [key, { points }] of new Map(lines.map((each) => [keyOf(each), each]))) {
      const found = model.get(key);
      const ownedHere =
        found !== undefined && (found.partition === partition || !inGroup.has(found.partition));
      if (found === undefined) counts.inserted++;
      else if (found.points === points && ownedHere) counts.unchanged++;
      else counts.updated++;
      if (found?.points !== points || !ownedHere) model.set(key, { points, partition });
    }
    return counts;
  });
}

async function expectTable(model: Model): Promise<void> {
  const rows = await tableRows(db.database, boxScores, "_partition");
  const actual = rows.map(({ _partition, points, ...key }) => [
    keyOf(key as Line),
    { points, partition: _partition },
  ]);
  expect(new Map(actual as [string, unknown][])).toEqual(model);
}
