import { expect, test } from "vitest";
import { ArtifactNames, checkArtifactPath, foldersOf } from "./artifact-path.ts";

test.each([
  "a",
  "standings/2026-01-14.json",
  "..hidden.json",
  "a/...",
  "with space/ö.html",
  "back\\slash",
  `${"x".repeat(255)}/${"y".repeat(255)}`,
  "é".repeat(127),
])("takes %j", (path) => {
  expect(() => checkArtifactPath(path)).not.toThrow();
});

test.each([
  ["", "is empty"],
  ["/etc/passwd", "is absolute"],
  ["teams/", "ends with a /"],
  ["a//b", "has an empty part"],
  [".", "has the part ."],
  ["a/./b", "has the part ."],
  ["../a", "has the part .."],
  ["a/../../b", "has the part .."],
  ["a\0b", "has a NUL"],
  ["\ud800.json", "has half a character"],
  [`${"x".repeat(256)}`, "has a part of 256 bytes; 255 are the most"],
  ["é".repeat(128), "has a part of 256 bytes"],
  [Array(300).fill("dir").join("/"), "has 1199 bytes; 1024 are the most"],
])("refuses %j", (path, problem) => {
  expect(() => checkArtifactPath(path)).toThrow(
    expect.objectContaining({ code: "ARTIFACT_PATH_INVALID", message: expect.stringContaining(problem) }),
  );
});

test("knows the folders of a path", () => {
  expect(foldersOf("a/b/c")).toEqual(["a", "a/b"]);
  expect(foldersOf("a")).toEqual([]);
});

test("of the names of one run, none may be a folder of another", () => {
  const names = new ArtifactNames();

  expect(names.add("games/2026/01")).toBeUndefined();
  expect(names.add("games/2026/01")).toBeUndefined();
  expect(names.add("games-old")).toBeUndefined();
  expect(names.add("games")).toBe("games/2026/01");
  expect(names.add("games/2026")).toBe("games/2026/01");
  expect(names.add("games/2026/01/14")).toBe("games/2026/01");
  expect(names.add("games/2026/02")).toBeUndefined();
  // What was refused is in nobody's way.
  expect(names.add("games/2026/03")).toBeUndefined();
});
