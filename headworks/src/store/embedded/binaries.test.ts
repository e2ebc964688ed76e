import { copyFile, mkdir, readFile, readlink, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { expect, test } from "vitest";
import { packagedFolder } from "./binaries.ts";
import { linkLibraries } from "./library-links.ts";
import { joinHere, makeDataDir } from "./participant-process.fixture.ts";

test("makes the library links that were left out with the install scripts, and no harm the second time", async () => {
  const folder = dirname(await makeDataDir());
  const listed: { source: string; target: string }[] = JSON.parse(
    await readFile(join(packagedFolder(), "pg-symlinks.json"), "utf8"),
  );
  await mkdir(join(folder, "lib"));
  await copyFile(join(packagedFolder(), "pg-symlinks.json"), join(folder, "pg-symlinks.json"));
  for (const { source } of listed) await writeFile(join(folder, "lib", basename(source)), "");

  await linkLibraries(folder);
  await linkLibraries(folder);

  for (const { source, target } of listed) {
    expect(await readlink(join(folder, "lib", basename(target)))).toBe(basename(source));
  }
  expect(listed.length).toBeGreaterThan(0);
});

test("says what else can be used on a system for which there is no PostgreSQL in npm", () => {
  expect(() => packagedFolder("sunos-x64")).toThrow(
    expect.objectContaining({
      code: "EMBEDDED_UNSUPPORTED_PLATFORM",
      hint: expect.stringContaining("DATABASE_URL"),
    }),
  );
});

test("says what to install when the programs are missing", async () => {
  const dataDir = await makeDataDir();

  await expect(joinHere({ dataDir, binaries: dirname(dataDir) })).rejects.toMatchObject({
    code: "EMBEDDED_BINARIES_MISSING",
    hint: expect.stringContaining("npm ci"),
  });
});
