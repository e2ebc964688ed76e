import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { compileRegistry } from "../../headworks/src/define/compile/registry-of.ts";
import { declaredSources } from "../../headworks/src/define/source.ts";
import { graphOf } from "../../headworks/src/inspect/picture/graph.ts";
import { renderSvg } from "../../headworks/src/inspect/picture/svg.ts";
import nba from "./headworks.config.ts";

const PICTURE = new URL("../../docs/examples/nba-graph.svg", import.meta.url);

test("the picture in the docs is that of the pipeline: else `npx headworks graph --svg` draws it anew", async () => {
  const environment = { NBA_SOURCE_KEY: "a key" };
  const registry = compileRegistry([nba], { environment, sources: declaredSources() });
  expect(renderSvg(graphOf(registry))).toBe(await readFile(PICTURE, "utf8"));
});
