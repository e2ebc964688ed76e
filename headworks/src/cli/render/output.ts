// Where a command writes: data to stdout, messages to stderr, colors only where they are seen.

import { styleText } from "node:util";

export type Style = Parameters<typeof styleText>[0];
export type Paint = (style: Style, text: string) => string;

/** Colors for a stream: none when it is no terminal, or when NO_COLOR or --no-color says so. */
export function painter(stream: NodeJS.WriteStream): Paint {
  return (style, text) => styleText(style, text, { stream });
}

/** Leaves every text as it is. */
export const plainPaint: Paint = (_style, text) => text;

export function writeData(lines: string | readonly string[]): void {
  process.stdout.write(`${typeof lines === "string" ? lines : lines.join("\n")}\n`);
}

/** Indented for people, and still one document. */
export function writeJson(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value, null, 2)}\n`);
}

/** One document on one line, where many follow each other. */
export function writeJsonLine(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value)}\n`);
}

export function writeMessage(message: string): void {
  process.stderr.write(`${message}\n`);
}

/** How wide a stream's lines may be; undefined when it is no terminal, so that nothing is cut in a pipe. */
export function widthOf(stream: NodeJS.WriteStream): number | undefined {
  return stream.isTTY ? Math.max(40, stream.columns || 80) : undefined;
}

/** C0 and C1 controls and DEL, line separators, and marks that turn the direction of writing. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
const DANGEROUS = /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;

/** A text from outside on one line, unable to move the cursor or to turn the writing. */
export function safeText(text: string): string {
  return text.replace(DANGEROUS, (character) => (character === "\n" || character === "\t" ? " " : "\uFFFD"));
}

/** At most `width` characters, the last of them … when something is left out. */
export function cut(text: string, width: number): string {
  if (text.length <= width) return text;
  return `${text.slice(0, Math.max(0, width - 1)).trimEnd()}…`;
}
