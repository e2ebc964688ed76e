// The options of a list that is cut into pages, and how a page tells where the next one is.

import type { Command } from "commander";
import { PAGE_LIMIT } from "../../contract/page.ts";
import { writeMessage } from "../render/output.ts";
import { wholeOption } from "./arguments.ts";

export interface PageOptions {
  limit: number;
  cursor?: string;
}

export function addPageOptions(command: Command): Command {
  const { min, max, default: usual } = PAGE_LIMIT;
  return command
    .option("--limit <n>", `how many, ${min} to ${max}`, wholeOption(min, max), usual)
    .option("--cursor <cursor>", "go on after an earlier page");
}

/** Says how to see what comes after this page, if anything does. */
export function sayWhereMoreIs({ next_cursor }: { next_cursor: string | null }): void {
  if (next_cursor !== null) writeMessage(`there are more: --cursor ${next_cursor}`);
}
