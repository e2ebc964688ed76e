// Where things stand in a YAML file: the line and column of a value, of a key, or of what is nearest to a missing one.

import { type Document, isAlias, isMap, isNode, isScalar, isSeq, LineCounter, parseDocument } from "yaml";

/** A YAML file that was read, with the means to point into it. */
export interface PositionedFile {
  /** The file's name, without its directory. */
  name: string;
  document: Document.Parsed;
  lines: LineCounter;
}

export type Path = readonly PropertyKey[];

/** Reads YAML. Mistakes of syntax are in the document's `errors` and `warnings`. */
export function readYaml(name: string, text: string): PositionedFile {
  const lines = new LineCounter();
  return { name, document: parseDocument(text, { lineCounter: lines, prettyErrors: false }), lines };
}

/** `processors.yaml:12:5`, for an offset into the text. */
export function placeAt(file: PositionedFile, offset: number): string {
  const { line, col } = file.lines.linePos(offset);
  return `${file.name}:${line}:${col}`;
}

/** The offset of the value at `path`, or of the innermost thing around it that is there. */
export function offsetOfValue(file: PositionedFile, path: Path): number {
  return offsetOf(innermost(file, path));
}

/** The offset of a key of the mapping at `path`. */
export function offsetOfKey(file: PositionedFile, path: Path, key: string): number {
  const node = innermost(file, path);
  const pair = isMap(node) ? node.items.find((item) => keyOf(item.key) === key) : undefined;
  return offsetOf(pair === undefined ? node : pair.key);
}

/** `processors[3].timeout` */
export function formatPath(path: Path): string {
  return path
    .map((step, index) => {
      if (typeof step === "number") return `[${step}]`;
      return index === 0 ? String(step) : `.${String(step)}`;
    })
    .join("");
}

function innermost(file: PositionedFile, path: Path): unknown {
  let node: unknown = file.document.contents;
  for (const step of path) {
    const next = resolved(file, childOf(node, step));
    if (next === undefined) return node;
    node = next;
  }
  return node;
}

function childOf(node: unknown, step: PropertyKey): unknown {
  if (isMap(node)) return node.items.find((item) => keyOf(item.key) === String(step))?.value ?? undefined;
  if (isSeq(node) && typeof step === "number") return node.items[step];
  return undefined;
}

/** An alias stands where its anchor is: that is the text to fix. */
function resolved(file: PositionedFile, node: unknown): unknown {
  return isAlias(node) ? node.resolve(file.document) : node;
}

function keyOf(key: unknown): string {
  return String(isScalar(key) ? key.value : key);
}

function offsetOf(node: unknown): number {
  return isNode(node) ? (node.range?.[0] ?? 0) : 0;
}
