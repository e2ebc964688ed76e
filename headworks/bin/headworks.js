#!/usr/bin/env node
// The command `headworks`. Compiled when published; in a checkout, the TypeScript source itself, run by Node as it is.

import { existsSync } from "node:fs";
import module from "node:module";

const [major = 0] = process.versions.node.split(".").map(Number);
if (major < 24) {
  console.error(
    `headworks needs Node 24 or newer; this is ${process.version}.\n→ Install a newer Node, or add the package "node" to the project.`,
  );
  process.exit(78);
}

const source = new URL("../src/cli/main.ts", import.meta.url);
const fromSource = existsSync(source);
if (fromSource) {
  module.registerHooks({
    resolve: (specifier, context, next) =>
      next(specifier, { ...context, conditions: [...context.conditions, "headworks-source"] }),
  });
}
const { main } = await import(
  fromSource ? source.href : new URL("../dist/cli/main.js", import.meta.url).href
);
await main(process.argv.slice(2));
