// Tests that the reference of the audit log names every action of the contract, and no other.

import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { OPERATIONS } from "./operations.ts";

const REFERENCE = new URL("../../../docs/reference/tables.md", import.meta.url);

test("the reference of the audit log has every action of the contract, by name", () => {
  const rows = readFileSync(REFERENCE, "utf8").matchAll(/^\| `([a-z_]+\.[a-z_]+)` \| (.+) \|$/gm);
  const documented = [...rows].map(([, name, summary]) => ({ name, summary }));
  const actions = [...OPERATIONS.values()]
    .filter(({ method }) => method !== "GET")
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  expect(documented).toEqual(actions.map(({ name, summary }) => ({ name, summary })));
});
