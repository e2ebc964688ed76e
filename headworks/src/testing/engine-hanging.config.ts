// A configuration for supervisor.pg.test.ts: the first process that loads it hangs, the next ones don't.

import { existsSync, writeFileSync } from "node:fs";
import { pipeline } from "../define/pipeline.ts";
import { processor } from "../define/processor.ts";

const marker = process.env.HANGS_UNLESS_THERE ?? "";
if (!existsSync(marker)) {
  writeFileSync(marker, "");
  await new Promise(() => setInterval(() => undefined, 60_000));
}

const quick = processor("quick", { phase: "all", run: () => undefined });

export default pipeline("season", { phases: ["all"], processors: [quick] });
