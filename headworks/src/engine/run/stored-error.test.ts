import { expect, test } from "vitest";
import { z } from "zod";
import { keptError } from "./stored-error.ts";

const row = z.object({ GAME_ID: z.string(), PTS: z.int() });
const redact = (text: string) => text;

test("tells on one line where something that a handler parsed didn't fit its schema", () => {
  const thrown = z.array(row).safeParse([{ GAME_ID: "1", PTS: "many" }]).error;
  expect(keptError(thrown, redact)).toMatchObject({
    name: "ZodError",
    message: expect.stringMatching(/^what was read doesn't fit its schema: \[0\]\.PTS: .*expected/),
  });
});

test("names the value itself where all of it is wrong, and counts what it leaves out", () => {
  expect(keptError(row.safeParse("a page").error, redact).message).toMatch(/schema: value: /);
  const many = z.array(row).safeParse([{}, {}, {}, {}]).error;
  expect(keptError(many, redact).message).toMatch(/; and 3 more$/);
});
