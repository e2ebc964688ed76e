// Writes docs/reference/contract.md from the contract; with --check, only says whether it is what it should be.

import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { contractReference } from "./contract-reference.ts";

const path = fileURLToPath(new URL("../../docs/reference/contract.md", import.meta.url));
const text = contractReference();

if (!process.argv.includes("--check")) writeFileSync(path, text);
else if (readFileSync(path, "utf8") !== text) {
  process.stderr.write("docs/reference/contract.md is stale: run `npm run reference` and commit it\n");
  process.exitCode = 1;
}
