// The disk of the database fills up under load, and is given room again.

import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { expect, onTestFinished, test } from "vitest";
import { openChaosRun, tell } from "./chaos-run.ts";
import { steadyNow } from "./operations.ts";
import { seconds, untilNextBegan } from "./recovery.ts";

const SIZE_MB = 320;
const FULL_FOR_MS = 8_000;

/** A small disk of its own; undefined, and said loudly, where none can be mounted. */
function mountSmallDisk(): string | undefined {
  const folder = mkdtempSync(join(tmpdir(), "headworks-small-disk-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", `size=${SIZE_MB}m,mode=755`, "tmpfs", folder], {
      stdio: "pipe",
    });
  } catch (error) {
    process.stdout.write(
      `🔥 NOT TESTED: a full disk, since no small one can be mounted here (${String(error)})\n`,
    );
    return undefined;
  }
  onTestFinished(() => void execFileSync("umount", ["-l", folder]));
  return folder;
}

test.runIf(process.platform === "linux")(
  "a disk that fills up under load loses no task, and work goes on once it has room",
  async (context) => {
    const disk = mountSmallDisk();
    if (disk === undefined) return context.skip();
    await using chaos = await openChaosRun(disk);
    await chaos.startFleet();
    chaos.producer.keepUp({ processor: "parcel", suffix: "m40", outstanding: 300 });
    await chaos.watch.untilEnded(300);

    const ballast = join(disk, "ballast");
    fill(ballast);
    await delay(FULL_FOR_MS);
    const refused = await chaos.database
      .query("create table public.more as select repeat('x', 1000) from generate_series(1, 1000)")
      .catch((error: unknown) => error);
    rmSync(ballast);
    const roomy = steadyNow();
    await chaos.watch.untilEnded(300);

    const figures = await chaos.expectAllWell();
    expect(refused).toMatchObject({ code: "53100" });
    expect(new Set(chaos.watch.operations.map((operation) => operation.pid)).size).toBe(2);
    tell(
      "a full disk",
      figures,
      `a run began ${seconds([untilNextBegan(chaos.watch.operations, roomy)])} after it had room again`,
    );
  },
  300_000,
);

/** Writes until nothing more fits, not even a page. */
function fill(path: string): void {
  for (const bytes of [1_048_576, 4_096]) {
    try {
      for (;;) writeFileSync(path, Buffer.alloc(bytes), { flag: "a" });
    } catch (error) {
      if (!(error instanceof Error && "code" in error && error.code === "ENOSPC")) throw error;
    }
  }
}
