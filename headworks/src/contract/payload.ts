// The payload that a person hands over to a run.

import { z } from "zod";
import { MAX_PAYLOAD_BYTES } from "../domain/dispatch/payload.ts";

/** As text, so that nothing of it changes on the way. What it may hold is checked by the action. */
export const payload = z
  .string()
  .max(MAX_PAYLOAD_BYTES)
  .describe("JSON text that the run is given, in place of what there was; at most 1 MiB in UTF-8");
