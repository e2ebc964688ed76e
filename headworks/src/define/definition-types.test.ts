// The types that flow from definitions into runs: what compiles is the test, and `@ts-expect-error` is what must not.

import { expect, expectTypeOf, test } from "vitest";
import { z } from "zod";
import {
  type DatasetReader,
  daily,
  dataset,
  dynamic,
  type ExpectContext,
  hourly,
  monthly,
  processor,
  type RunContext,
  single,
  weekly,
} from "../index.ts";

const games = dataset("games", {
  schema: z.object({ game_id: z.string(), date: z.string(), points: z.number().int().default(0) }),
  key: ["game_id"],
});
const teams = dataset("teams", { schema: z.object({ team_id: z.string() }), key: ["team_id"] });

test("the key of a partition has the form of its set", () => {
  const made = [
    processor("a", {
      phase: "raw",
      partitions: daily({ start: "2025-10-21" }),
      expect: (ctx) => {
        expectTypeOf(ctx.partition).toEqualTypeOf<`${number}-${number}-${number}`>();
        return 1;
      },
      run: (ctx) => {
        expectTypeOf(ctx.partition).toEqualTypeOf<`${number}-${number}-${number}`>();
      },
    }),
    processor("b", {
      phase: "raw",
      partitions: single(),
      run: (ctx) => {
        expectTypeOf(ctx.partition).toEqualTypeOf<"all">();
      },
    }),
    processor("c", {
      phase: "raw",
      run: (ctx) => {
        expectTypeOf(ctx.partition).toEqualTypeOf<"all">();
      },
    }),
    processor("d", {
      phase: "raw",
      partitions: weekly({ start: "2025-10-21" }),
      run: (ctx) => {
        expectTypeOf(ctx.partition).toEqualTypeOf<`${number}-W${number}`>();
      },
    }),
    processor("e", {
      phase: "raw",
      partitions: monthly({ start: "2025-10-21" }),
      run: (ctx) => {
        expectTypeOf(ctx.partition).toEqualTypeOf<`${number}-${number}`>();
      },
    }),
    processor("f", {
      phase: "raw",
      partitions: hourly({ start: "2025-10-21" }),
      run: (ctx) => {
        type Offset = `${"+" | "-"}${number}:${number}`;
        expectTypeOf(ctx.partition).toEqualTypeOf<`${number}-${number}-${number}T${number}${Offset}`>();
      },
    }),
    processor("g", {
      phase: "raw",
      partitions: dynamic("games"),
      run: (ctx) => {
        expectTypeOf(ctx.partition).toEqualTypeOf<string>();
      },
    }),
  ];
  expect(made.map(({ options }) => options.partitions?.kind)).toEqual([
    "calendar",
    "single",
    undefined,
    "calendar",
    "calendar",
    "calendar",
    "dynamic",
  ]);
});

test("rows are read as the schema gives them, and filtered and sorted by its columns", () => {
  const reads = (ctx: ExpectContext) => {
    const reader = ctx.read(games);
    expectTypeOf(reader).toEqualTypeOf<DatasetReader<{ game_id: string; date: string; points: number }>>();
    expectTypeOf(reader.rows).returns.resolves.toEqualTypeOf<
      { game_id: string; date: string; points: number }[]
    >();
    // @ts-expect-error: no such column
    reader.rows({ winner: "x" });
    // @ts-expect-error: the column is a text
    reader.rows({ date: 5 });
    // @ts-expect-error: no such column to sort by
    reader.rows({}, { orderBy: ["winner"] });
    return reader.rows({ date: ["2026-01-14"], points: { gte: 100 } }, { orderBy: ["date"], limit: 3 });
  };
  expect(reads).toBeTypeOf("function");
});

test("only declared outputs are written, with rows as the schema takes them", () => {
  const schedule = processor("schedule", {
    phase: "raw",
    output: [games],
    async run(ctx) {
      await ctx.write(games, [{ game_id: "1", date: "2026-01-14" }]);
      // @ts-expect-error: teams is no output of this processor
      await ctx.write(teams, [{ team_id: "bos" }]);
      // @ts-expect-error: a row without its date
      await ctx.write(games, [{ game_id: "1" }]);
      // @ts-expect-error: points are a number
      await ctx.write(games, [{ game_id: "1", date: "2026-01-14", points: "12" }]);
    },
  });
  const both = processor("both", {
    phase: "raw",
    output: [games, teams],
    async run(ctx) {
      await ctx.write(games, [{ game_id: "1", date: "2026-01-14" }]);
      await ctx.write(teams, [{ team_id: "bos" }]);
      // @ts-expect-error: a row of another dataset
      await ctx.write(games, [{ team_id: "bos" }]);
    },
  });
  const none = processor("none", {
    phase: "raw",
    async run(ctx) {
      // @ts-expect-error: it declares no output
      await ctx.write(games, [{ game_id: "1", date: "2026-01-14" }]);
    },
  });
  expect([schedule, both, none].map(({ name }) => name)).toEqual(["schedule", "both", "none"]);
});

test("only declared sets are discovered", () => {
  const schedule = processor("schedule", {
    phase: "raw",
    discovers: [dynamic("games"), dynamic("tournaments")],
    run(ctx) {
      ctx.discover("games", ["1", { key: "2", within: "all" }]);
      ctx.discover("tournaments", new Set(["4137"]));
      // @ts-expect-error: it discovers no players
      ctx.discover("players", ["1"]);
    },
  });
  const none = processor("none", {
    phase: "raw",
    run(ctx) {
      // @ts-expect-error: it discovers nothing
      ctx.discover("games", ["1"]);
    },
  });
  expect([schedule, none].map(({ name }) => name)).toEqual(["schedule", "none"]);
});

test("an expectation can read, but neither write nor fetch", () => {
  type Extra = Exclude<keyof RunContext, keyof ExpectContext>;
  expectTypeOf<"write" | "http" | "discover" | "artifact">().toExtend<Extra>();
  const options = { phase: "raw", run: () => undefined };
  const made = processor("a", {
    ...options,
    expect: async (ctx) => ({ min: await ctx.read(games).count({ date: "2026-01-14" }) }),
  });
  expect(made.options.expect).toBeTypeOf("function");
});

test("keys, durations and results that can't be are refused", () => {
  // @ts-expect-error: no such field
  dataset("games", { schema: games.schema, key: ["gameid"] });
  // @ts-expect-error: no unit
  processor("a", { phase: "raw", hardTimeout: "30", run: () => undefined });
  // @ts-expect-error: no such criticality
  processor("b", { phase: "raw", criticality: "urgent", run: () => undefined });
  // @ts-expect-error: rows are written, not returned
  const c = processor("c", { phase: "raw", run: () => [{ game_id: "1" }] });
  expect(c.kind).toBe("processor");
});
