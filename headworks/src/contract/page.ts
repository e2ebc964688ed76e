// Lists: a page of items, and where the next one begins.

import { z } from "zod";
import { HeadworksError } from "../domain/error.ts";

/** How many items a page holds: at least, at most, and when nothing is said. */
export const PAGE_LIMIT = { min: 1, max: 10_000, default: 50 } as const;

/** The input of every list that is cut into pages. */
export const pageInput = {
  limit: z.int().min(PAGE_LIMIT.min).max(PAGE_LIMIT.max).default(PAGE_LIMIT.default),
  /** What the page before gave as `next_cursor`. */
  cursor: z.string().min(1).max(4_096).optional(),
};

/** A page of a list. `next_cursor` is null only when nothing follows. */
export function pageOf<Item extends z.ZodType>(item: Item) {
  return z.strictObject({
    items: z.array(item),
    next_cursor: z
      .string()
      .nullable()
      .describe("give it as the cursor for what follows; null when nothing does"),
  });
}

/**
 * Makes a page of what was read with a limit of one more than was asked for.
 * `cursorOf` tells where a page that begins behind an item begins.
 */
export function cutPage<Item>(
  found: readonly Item[],
  limit: number,
  cursorOf: (item: Item) => string,
): { items: Item[]; next_cursor: string | null } {
  const items = found.slice(0, limit);
  const last = items.at(-1);
  return { items, next_cursor: found.length > limit && last !== undefined ? cursorOf(last) : null };
}

/** Where a page ended, as a cursor: the sort key of its last item, in a form that nobody builds upon. */
export function writeCursor(key: readonly (string | number | null)[]): string {
  return Buffer.from(JSON.stringify(key)).toString("base64url");
}

/** The sort key that a cursor holds. Throws CURSOR_INVALID for what is no cursor of this list. */
export function readCursor<Key extends z.ZodType>(cursor: string, key: Key): z.output<Key> {
  const parsed = key.safeParse(contentOf(cursor));
  if (parsed.success) return parsed.data;
  throw new HeadworksError({
    code: "CURSOR_INVALID",
    message: `"${cursor.slice(0, 80)}" is not a cursor of this list`,
    hint: "give the next_cursor of the page before, or none for the first page",
  });
}

function contentOf(cursor: string): unknown {
  try {
    return JSON.parse(Buffer.from(cursor, "base64url").toString("utf8"), withoutNul);
  } catch {
    return undefined;
  }
}

/** No key of a list holds a NUL character, which PostgreSQL can't be asked for. */
function withoutNul(_key: string, value: unknown): unknown {
  return typeof value === "string" && value.includes("\0") ? undefined : value;
}
