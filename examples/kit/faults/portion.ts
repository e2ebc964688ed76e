// Gives each text a place between 0 and 1, always the same, so that faults can strike a share of all subjects.

import { createHash } from "node:crypto";

/** From 0 (included) to 1 (excluded); as good as evenly spread over different texts. */
export function portionOf(text: string): number {
  return createHash("sha256").update(text).digest().readUInt32BE(0) / 4_294_967_296;
}
