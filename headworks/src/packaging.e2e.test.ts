// Packs the package, installs it in a project elsewhere without the network, and uses it there as its users do.

import { execFile } from "node:child_process";
import { existsSync, globSync } from "node:fs";
import { cp, mkdir, mkdtemp, readdir, readFile, realpath, rm, symlink, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { basename, delimiter, dirname, join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createTestDatabase } from "./testing/database.ts";

const PACKAGE = join(import.meta.dirname, "..");
const WORKSPACE = join(PACKAGE, "..");

const CONFIGURATION = `
import { daily, dataset, pipeline, processor } from "headworks";
import { z } from "zod";

const tides = dataset("tides", {
  schema: z.object({ date: z.string(), height: z.number() }),
  key: ["date"],
});

const measure = processor("measure", {
  phase: "raw",
  partitions: daily({ timezone: "Europe/London", start: "2026-01-01", end: "2026-01-03" }),
  expect: 1,
  output: tides,
  async run(ctx): Promise<void> {
    await ctx.write(tides, [{ date: ctx.partition, height: 4.2 }]);
  },
});

export default pipeline("tides", { phases: ["raw"], processors: [measure] });
`;

let folder: string;
let project: string;
let packed: string[];

beforeAll(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), "headworks-packaging-")));
  const tarball = await pack(join(folder, "workspace"));
  packed = (await succeed("tar", ["-tzf", tarball], folder)).trim().split("\n");
  project = join(folder, "project");
  await install(tarball, project);
  await writeFile(join(project, "headworks.config.ts"), CONFIGURATION);
});

afterAll(() => rm(folder, { recursive: true, force: true }));

test("the package holds what it runs on and nothing else", () => {
  const expected = /^package\/(package\.json|LICENSE|README\.md|(bin|dist|schema)\/.+)$/;
  const unwanted = /\.(test|fixture)\.|\/(testing|fixtures)\/|\.headworks|\/src\/|(?<!\.d)\.ts$/;

  expect(packed.filter((path) => !expected.test(path))).toEqual([]);
  expect(packed.filter((path) => unwanted.test(path))).toEqual([]);
});

test("the package holds every .sql file that its modules read", () => {
  const sql = globSync("**/*.sql", { cwd: import.meta.dirname });

  expect(sql.length).toBeGreaterThan(5);
  expect(packed).toEqual(expect.arrayContaining(sql.map((path) => `package/dist/${path}`)));
});

test("an installed package gives TypeScript its types, and they are exact", async () => {
  await writeFile(join(project, "wrong.ts"), CONFIGURATION.replace("height: 4.2", 'height: "high"'));
  await writeFile(join(project, "tsconfig.json"), JSON.stringify(STRICT));

  const { stdout } = await run(process.execPath, [typescript(), "--pretty", "false"], project);

  const faults = stdout.split("\n").filter((line) => line.includes(": error "));
  expect(faults).toEqual([expect.stringMatching(/^wrong\.ts\(.*height: string/)]);
});

test("the installed command says its version", async () => {
  const { version } = JSON.parse(await readFile(join(PACKAGE, "package.json"), "utf8")) as {
    version: string;
  };

  expect(await succeed("headworks", ["--version"], project)).toBe(`${version}\n`);
});

test("the installed command runs a pipeline written in TypeScript to its end", async () => {
  await using db = await createTestDatabase();

  const args = ["start", "--until-settled", "--apply-datasets", "--database-url", db.url];
  await succeed("headworks", args, project);

  const { rows } = await db.database.query("select date, height from prod.tides order by date");
  expect(rows).toEqual(["2026-01-01", "2026-01-02", "2026-01-03"].map((date) => ({ date, height: 4.2 })));
});

const STRICT = {
  compilerOptions: {
    target: "es2024",
    module: "nodenext",
    types: [],
    strict: true,
    exactOptionalPropertyTypes: true,
    skipLibCheck: false,
    noEmit: true,
  },
  include: ["*.ts"],
};

/** Packs a copy, so that nothing is written into the checkout; gives the path of the tarball. */
async function pack(workspace: string): Promise<string> {
  const left = new Set(["node_modules", "dist", ".headworks"]);
  const copy = join(workspace, "headworks");
  await cp(PACKAGE, copy, { recursive: true, filter: (path) => !left.has(basename(path)) });
  await cp(join(WORKSPACE, "tsconfig.base.json"), join(workspace, "tsconfig.base.json"));
  await symlink(join(WORKSPACE, "node_modules"), join(workspace, "node_modules"));
  await succeed("npm", ["pack", "--pack-destination", workspace], copy);
  const tarball = (await readdir(workspace)).find((name) => name.endsWith(".tgz"));
  return join(workspace, tarball ?? "no tarball");
}

/** What `npm install` would do: the package unpacked, beside it what it depends on, and its command. */
async function install(tarball: string, into: string): Promise<void> {
  const modules = join(into, "node_modules");
  const target = join(modules, "headworks");
  await mkdir(join(modules, ".bin"), { recursive: true });
  await mkdir(target);
  await succeed("tar", ["-xzf", tarball, "--strip-components=1", "-C", target], into);
  const manifest = JSON.parse(await readFile(join(target, "package.json"), "utf8")) as Manifest;
  for (const name of Object.keys(manifest.dependencies)) {
    await mkdir(dirname(join(modules, name)), { recursive: true });
    await symlink(pathOf(name), join(modules, name));
  }
  await symlink(join(target, manifest.bin.headworks), join(modules, ".bin", "headworks"));
  await writeFile(join(into, "package.json"), JSON.stringify({ private: true, type: "module" }));
}

interface Manifest {
  dependencies: Record<string, string>;
  bin: { headworks: string };
}

function pathOf(dependency: string): string {
  const own = join(PACKAGE, "node_modules", dependency);
  return existsSync(own) ? own : join(WORKSPACE, "node_modules", dependency);
}

function typescript(): string {
  return join(createRequire(import.meta.url).resolve("typescript/package.json"), "..", "bin", "tsc");
}

interface Ended {
  code: number | string;
  stdout: string;
  stderr: string;
}

async function succeed(command: string, args: readonly string[], cwd: string): Promise<string> {
  const { code, stdout, stderr } = await run(command, args, cwd);
  expect(code, `${command} ${args.join(" ")}\n${stdout}\n${stderr}`).toBe(0);
  return stdout;
}

/** Runs a command in an environment without the settings of the npm that runs the tests. */
function run(command: string, args: readonly string[], cwd: string): Promise<Ended> {
  const kept = Object.entries(process.env).filter(
    ([name]) => !/^(npm_|DATABASE_URL$|HEADWORKS_|NODE_OPTIONS$)/i.test(name),
  );
  const path = [join(cwd, "node_modules", ".bin"), dirname(process.execPath), process.env.PATH];
  const env = {
    ...Object.fromEntries(kept),
    PATH: path.join(delimiter),
    npm_config_cache: join(folder, "npm"),
    npm_config_offline: "true",
  };
  return new Promise((resolve) => {
    execFile(command, args, { cwd, env }, (error, stdout, stderr) =>
      resolve({ code: error === null ? 0 : (error.code ?? "killed"), stdout, stderr }),
    );
  });
}
