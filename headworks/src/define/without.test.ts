import { expect, test } from "vitest";
import { anyOf, type NeedInput, need, optional } from "./needs.ts";
import { processor } from "./processor.ts";
import { without } from "./without.ts";

const make = (name: string, needs: NeedInput[] = []) => processor(name, { phase: "raw", needs, run() {} });

const schedule = make("schedule");
const log = make("schedule_log");
const lines = make("prop_lines");
const scores = make("box_scores", [schedule]);
const grades = processor("line_grades", { phase: "raw", needs: [lines, scores], run() {} });
const page = processor("page", {
  phase: "raw",
  needs: [optional(grades), anyOf(need(schedule), log)],
  run() {},
});
const all = [schedule, log, lines, scores, grades, page];
const names = (processors: { name: string }[]) => processors.map((each) => each.name);

test("what requires a missing processor goes with it, however far downstream", () => {
  expect(names(without(all, [schedule]))).toEqual(["schedule_log", "prop_lines", "page"]);
});

test("an optional need of a missing processor is struck out, and the processor stays", () => {
  const left = without(all, ["prop_lines"]);
  expect(names(left)).toEqual(["schedule", "schedule_log", "box_scores", "page"]);
  expect(left.at(-1)?.options.needs).toMatchObject([{ kind: "any_of", options: [{}, {}] }]);
});

test("of several alternatives the missing one is struck out; without any left the processor goes", () => {
  expect(without(all, [log]).at(-1)?.options.needs?.at(-1)).toMatchObject({
    options: [{ processor: schedule }],
  });
  expect(names(without(all, [log, schedule]))).toEqual(["prop_lines"]);
});

test("nothing missing leaves all as it was", () => {
  expect(names(without(all, []))).toEqual(names(all));
});
