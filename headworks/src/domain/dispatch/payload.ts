// The payload of a task: JSON that somebody hands over with it. What PostgreSQL or another program couldn't hold is refused.

import { HeadworksError } from "../error.ts";

/** Bytes of the JSON text in UTF-8: 1 MiB. */
export const MAX_PAYLOAD_BYTES = 1_048_576;
/** Lists and objects within each other. */
export const MAX_PAYLOAD_DEPTH = 200;

/**
 * Refuses what can't be a payload. Throws HeadworksError: PAYLOAD_TOO_LARGE; PAYLOAD_INVALID for what is no JSON, is nested
 * too deeply, or holds a NUL character or half of a surrogate pair, with the JSON pointer (RFC 6901) of the place.
 */
export function checkPayload(text: string): void {
  const bytes = new TextEncoder().encode(text).length;
  if (bytes > MAX_PAYLOAD_BYTES) throw tooLarge(bytes);
  const fault = findFault(parse(text));
  if (fault !== undefined) throw unfit(fault);
}

interface Fault {
  what: string;
  pointer: string;
}

/** Without recursion, so that no nesting can exhaust the stack. */
function findFault(payload: unknown): Fault | undefined {
  const left: { value: unknown; pointer: string; depth: number }[] = [
    { value: payload, pointer: "", depth: 0 },
  ];
  for (let next = left.pop(); next !== undefined; next = left.pop()) {
    const { value, pointer, depth } = next;
    const what = typeof value === "string" ? faultOf(value) : undefined;
    if (what !== undefined) return { what, pointer };
    if (typeof value !== "object" || value === null) continue;
    if (depth >= MAX_PAYLOAD_DEPTH)
      return { what: `more than ${MAX_PAYLOAD_DEPTH} lists and objects within each other`, pointer };
    // Backwards, so that the first fault of the text is found first.
    for (const [key, child] of Object.entries(value).reverse()) {
      const place = `${pointer}/${escaped(key)}`;
      const ofKey = faultOf(key);
      if (ofKey !== undefined) left.push({ value: key, pointer: place, depth });
      else left.push({ value: child, pointer: place, depth: depth + 1 });
    }
  }
  return undefined;
}

function faultOf(text: string): string | undefined {
  if (text.includes("\0")) return "a NUL character";
  return text.isWellFormed() ? undefined : "half of a surrogate pair";
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new HeadworksError({
      code: "PAYLOAD_INVALID",
      message: `the payload is no JSON (${error instanceof Error ? error.message : String(error)})`,
      hint: "write one JSON value; in a shell, within single quotes, or give a file",
    });
  }
}

/** As RFC 6901 has it; what can't be printed is shown by its number. */
function escaped(key: string): string {
  const printable = key.toWellFormed().replaceAll("\0", "\\u0000");
  return printable.replaceAll("~", "~0").replaceAll("/", "~1");
}

function unfit({ what, pointer }: Fault): HeadworksError {
  return new HeadworksError({
    code: "PAYLOAD_INVALID",
    message: `the payload has ${what} at "${pointer}"`,
    hint: "leave it out, or send such data as a file that the payload names",
  });
}

function tooLarge(bytes: number): HeadworksError {
  return new HeadworksError({
    code: "PAYLOAD_TOO_LARGE",
    message: `the payload has ${bytes} bytes, more than ${MAX_PAYLOAD_BYTES}`,
    hint: "keep the data elsewhere, and let the payload say where",
  });
}
