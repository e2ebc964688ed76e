import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { createTestDatabase } from "../testing/database.ts";
import { SEASON, startCommand } from "./command.fixture.ts";

test("starts again when a file changes, waits out a mistake, and ends by Ctrl-C", async () => {
  const folder = await mkdtemp(join(tmpdir(), "headworks-dev-"));
  const configuration = join(folder, "headworks.config.ts");
  const write = (text: string) => writeFile(configuration, text);
  const season = `export { default } from ${JSON.stringify(SEASON)};\n`;
  try {
    await using db = await createTestDatabase();
    await write(season);
    await using dev = startCommand(["dev", "--database-url", db.url], { cwd: folder });

    await dev.said("all 7 expected outputs are there");
    await write("export default 17;\n");
    await dev.said("headworks.config.ts changed: starting again");
    await dev.said("its default export is no pipeline");
    await dev.said("waiting for a change");
    await write(`${season}// fixed\n`);
    await dev.saidTimes("all 7 expected outputs are there", 2);
    dev.signal("SIGINT");

    expect((await dev.ended).code).toBe(0);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
