import { expect, test } from "vitest";
import { decodeText } from "./charset.ts";

const utf8 = (text: string) => new TextEncoder().encode(text);
const cyrillic = Uint8Array.of(0xcf, 0xf0, 0xe8, 0xe2, 0xe5, 0xf2); // "Привет" in windows-1251
const joined = (...parts: Uint8Array[]) => Uint8Array.from(parts.flatMap((part) => [...part]));
const utf16 = (text: string, littleEndian: boolean) => {
  const view = new DataView(new ArrayBuffer(2 * text.length));
  for (let at = 0; at < text.length; at += 1) view.setUint16(2 * at, text.charCodeAt(at), littleEndian);
  return new Uint8Array(view.buffer);
};

test.for([
  [
    "a UTF-8 mark, whatever the header says",
    joined(Uint8Array.of(0xef, 0xbb, 0xbf), utf8("Привет")),
    "text/csv; charset=cp1251",
  ],
  ["a UTF-16 mark, little end first", joined(Uint8Array.of(0xff, 0xfe), utf16("Привет", true)), "text/plain"],
  [
    "a UTF-16 mark, big end first",
    joined(Uint8Array.of(0xfe, 0xff), utf16("Привет", false)),
    "application/json",
  ],
  ["the header", cyrillic, 'text/html; charset="windows-1251"'],
  ["no word at all, and it is UTF-8", utf8("Привет"), undefined],
  ["a charset that nobody knows, and it is UTF-8", utf8("Привет"), "text/html; charset=klingon"],
] as const)("reads a body by %s", ([, body, contentType]) => {
  expect(decodeText(body, contentType)).toMatchObject({ text: "Привет", valid: true });
});

test.for([
  ['<meta charset="windows-1251">', "text/html"],
  ['<META http-equiv=Content-Type content="text/html; charset=windows-1251">', "text/html"],
  ["<!-- <meta charset=utf-8> --><meta charset=cp1251>", "text/html"],
  ['<?xml version="1.0" encoding="windows-1251"?>', "application/rss+xml"],
] as const)("reads a page by its declaration %s", ([declaration, contentType]) => {
  expect(decodeText(joined(utf8(declaration), cyrillic), contentType).text).toBe(`${declaration}Привет`);
});

test("the header counts more than a declaration", () => {
  const page = joined(utf8("<meta charset=utf-8>"), cyrillic);

  expect(decodeText(page, "text/html; charset=cp1251").text).toContain("Привет");
});

test("a page that declares nothing and isn't UTF-8 is windows-1252, as in browsers", () => {
  const page = joined(utf8("<p>caf"), Uint8Array.of(0xe9), utf8("</p>"));

  expect(decodeText(page, "text/html")).toEqual({
    text: "<p>café</p>",
    charset: "windows-1252",
    valid: true,
  });
});

test("bytes that aren't valid are told", () => {
  expect(decodeText(Uint8Array.of(0x22, 0xe9, 0x22), "application/json")).toEqual({
    text: '"\u{FFFD}"',
    charset: "utf-8",
    valid: false,
  });
});
