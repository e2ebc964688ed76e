import { expect, test } from "vitest";
import { requireKnown } from "./known-name.ts";

const NAMES = ["box_scores", "standings", "players"];

test("gives a known name back", () => {
  expect(requireKnown("processor", "players", NAMES)).toBe("players");
});

test.for([
  ["box_score", "did you mean box_scores?"],
  ["standing", "did you mean standings?"],
  ["weather", "there are: box_scores, standings, players"],
] as const)("for %s it says: %s", ([name, hint]) => {
  expect(() => requireKnown("processor", name, NAMES)).toThrow(
    expect.objectContaining({ code: "UNKNOWN_PROCESSOR", message: `unknown processor ${name}`, hint }),
  );
});

test("says what to do when none is known", () => {
  expect(() => requireKnown("processor", "players", [])).toThrow(
    expect.objectContaining({
      hint: "the configuration declares none, or none is registered yet: `headworks start` registers it",
    }),
  );
});
