// Writes the JSON Schema of processors.yaml, which the package publishes for editors. Run it when the schema in code changes.

import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { registryFileJsonSchema } from "../src/define/yaml/schema.ts";

const path = fileURLToPath(new URL("../schema/processors.schema.json", import.meta.url));
const biome = createRequire(import.meta.url).resolve("@biomejs/biome/bin/biome");

writeFileSync(path, JSON.stringify(registryFileJsonSchema()));
execFileSync(process.execPath, [biome, "format", "--write", path], { stdio: "inherit" });
