// The options of `npm run bench`.

import { parseArgs } from "node:util";
import type { Store } from "./contender.ts";

export interface Options {
  help: boolean;
  json: boolean;
  quick: boolean;
  large: boolean;
  only: readonly string[] | undefined;
  figures: readonly string[] | undefined;
  /** Undefined: as many as each figure needs. */
  rounds: number | undefined;
  scale: number;
  store: Store;
}

const QUICK_ROUNDS = 1;
const QUICK_SCALE = 0.3;
const STORE: Store = { pending: 500_000, settled: 5_000_000 };
const LARGE_STORE: Store = { pending: 1_000_000, settled: 10_000_000 };
const QUICK_STORE: Store = { pending: 60_000, settled: 200_000 };

/** Throws a TypeError that says what is wrong with an option. */
export function readOptions(args: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      help: { type: "boolean", short: "h", default: false },
      json: { type: "boolean", default: false },
      quick: { type: "boolean", default: false },
      large: { type: "boolean", default: false },
      only: { type: "string" },
      figure: { type: "string" },
      rounds: { type: "string" },
      scale: { type: "string" },
    },
  });
  return {
    help: values.help,
    json: values.json,
    quick: values.quick,
    large: values.large,
    only: values.only?.split(","),
    figures: values.figure?.split(","),
    rounds: positive("rounds", values.rounds) ?? (values.quick ? QUICK_ROUNDS : undefined),
    store: values.quick ? QUICK_STORE : values.large ? LARGE_STORE : STORE,
    scale: positive("scale", values.scale) ?? (values.quick ? QUICK_SCALE : 1),
  };
}

/** Whether everything is measured, so that the report may be kept. */
export function isWhole(options: Options): boolean {
  return (
    !options.quick &&
    !options.large &&
    options.only === undefined &&
    options.figures === undefined &&
    options.scale === 1
  );
}

function positive(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (value > 0) return value;
  throw new TypeError(`--${name} takes a number over 0, not "${text}"`);
}

export function helpText(contenders: readonly string[], figures: readonly string[]): string {
  return `Measures Headworks beside its peers on one PostgreSQL, and writes bench/report.md and bench/report.json.

  npm run bench                      everything, in some 12 minutes
  npm run bench -- --quick           fewer tasks and rounds, in under 3 minutes
  npm run bench -- --only headworks,bare --figure throughput --rounds 3

  --only <names>     contenders: ${contenders.join(", ")}
  --figure <names>   figures: ${figures.join(", ")}
  --rounds <n>       measured rounds (default 3, throughput 5; quick ${QUICK_ROUNDS}); one to warm up comes before them
  --scale <x>        times the number of tasks (default 1, quick ${QUICK_SCALE})
  --quick            a first impression
  --large            twice the big store, also of contenders whose store takes minutes to make
  --json             the report as JSON to stdout, instead of tables

The files are written by a whole run only. Progress goes to stderr.`;
}
