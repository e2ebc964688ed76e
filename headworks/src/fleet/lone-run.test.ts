// Tests of a run in this process where it needs no database: one that was interrupted before.

import { expect, test } from "vitest";
import { compileRegistry } from "../define/compile/registry-of.ts";
import { runAlone } from "./lone-run.ts";

test("a run that was interrupted before it began is not begun", async () => {
  const begun = runAlone({
    registry: compileRegistry([], { environment: {} }),
    codeVersion: "v1",
    databaseUrl: "postgres://127.0.0.1:1/none",
    dataDir: "none",
    environment: {},
    log: { format: "json", level: "error" },
    outputId: 1,
    signal: AbortSignal.abort(),
  });
  await expect(begun).resolves.toBeUndefined();
});
