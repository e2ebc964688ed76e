// The options that hand a payload over: as text, or as a file.

import { readFile } from "node:fs/promises";
import type { Command } from "commander";
import { checkPayload } from "../../domain/dispatch/payload.ts";
import { HeadworksError, messageOf } from "../../domain/error.ts";

export interface PayloadOptions {
  payload?: string;
  payloadFile?: string;
}

export function addPayloadOptions(command: Command): Command {
  return command
    .option("--payload <json>", "hand this over to the run, in place of what there was; at most 1 MiB")
    .option("--payload-file <path>", "the same from a file");
}

/** The text to hand over; undefined when none was given. Throws USAGE, PAYLOAD_UNREADABLE, PAYLOAD_INVALID, PAYLOAD_TOO_LARGE. */
export async function readPayload({ payload, payloadFile }: PayloadOptions): Promise<string | undefined> {
  if (payload !== undefined && payloadFile !== undefined) {
    throw new HeadworksError({
      code: "USAGE",
      message: "both --payload and --payload-file were given",
      hint: "give one of them",
    });
  }
  const text = payloadFile === undefined ? payload : await readText(payloadFile);
  if (text !== undefined) checkPayload(text);
  return text;
}

async function readText(path: string): Promise<string> {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(await readFile(path));
  } catch (error) {
    throw new HeadworksError({
      code: "PAYLOAD_UNREADABLE",
      message: `${path} can't be read as UTF-8 (${messageOf(error)})`,
      hint: "name a file of JSON in UTF-8",
      cause: error,
    });
  }
}
