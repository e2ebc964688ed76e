import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { normalizeName, parseName } from "./normalize.ts";

describe("the normal form of a name", () => {
  it.each([
    ["accents", "Nikola Jokić", "nikola jokic"],
    ["letters that have no accent to lose", "Łukasz Đorđević", "lukasz dordevic"],
    ["the dotless i and the dotted I", "Işıl İnan", "isil inan"],
    ["case and doubled spaces", "dalano  BANTON ", "dalano banton"],
    ["a typographic apostrophe", "De’Anthony Melton", "deanthony melton"],
    ["an apostrophe at the end", "Devonte' Graham", "devonte graham"],
    ["hyphens", "Shai Gilgeous-Alexander", "shai gilgeous alexander"],
    ["initials with points", "P.J. Washington", "pj washington"],
    ["initials with one point too few", "T.J McConnell", "tj mcconnell"],
    ["initials with spaces", "P J Washington", "pj washington"],
    ["a suffix with and without a point", "Jaren Jackson Jr.", "jaren jackson jr"],
    ["a suffix written out", "Jaren Jackson Junior", "jaren jackson jr"],
    ["a suffix behind a comma", "Xavier Tillman, Sr.", "xavier tillman sr"],
    ["the last name first", "Portis, Bobby", "bobby portis"],
    ["the last name first, with a suffix behind it", "Porter Jr., Michael", "michael porter jr"],
    ["the last name first, with a suffix at the end", "Porter, Michael Jr.", "michael porter jr"],
    ["a team in parentheses", "Daniel Theis (IND)", "daniel theis"],
  ])("levels %s", (_, spelling, normal) => {
    expect(normalizeName(spelling)).toBe(normal);
  });

  it("gives back what stood in parentheses", () => {
    expect(parseName("Daniel Theis (IND)").hints).toEqual(["IND"]);
    expect(parseName("Jalen (2001) Johnson")).toEqual({
      words: ["jalen", "johnson"],
      suffix: undefined,
      hints: ["2001"],
    });
    expect(parseName("Kyle Lowry (Phi").hints).toEqual(["Phi"]);
  });

  it("takes a suffix only after two words", () => {
    expect(parseName("Robert Williams III")).toMatchObject({ words: ["robert", "williams"], suffix: "iii" });
    expect(parseName("Nance Jr")).toMatchObject({ words: ["nance", "jr"], suffix: undefined });
  });

  it("is empty for a text without letters", () => {
    expect([normalizeName(""), normalizeName(" - (IND)"), normalizeName(",")]).toEqual(["", "", ""]);
  });

  const names = fc.oneof(
    fc.string({ unit: "grapheme" }),
    fc.string({ unit: "binary" }),
    fc
      .array(fc.constantFrom("A", "J.", "Bo", "Jr", "Sr.", "II", "V", "-", ",", "(", ")", "’", "İ", "Jokić"))
      .map((parts) => parts.join(" ")),
  );

  it("stays as it is when it is normalized again", () => {
    fc.assert(
      fc.property(names, (name) => {
        const once = normalizeName(name);
        expect(normalizeName(once)).toBe(once);
      }),
      { numRuns: 500 },
    );
  });

  it("does not depend on how Unicode composes the letters", () => {
    fc.assert(
      fc.property(names, (name) => {
        expect(normalizeName(name.normalize("NFD"))).toBe(normalizeName(name.normalize("NFC")));
      }),
      { numRuns: 500 },
    );
  });
});
