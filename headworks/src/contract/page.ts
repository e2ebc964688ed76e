// Lists: a page of items, and where the next one begins.

import { z } from "zod";

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
