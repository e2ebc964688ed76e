// Words that the commands on failed tasks share.

import { HeadworksError } from "../../domain/error.ts";
import { plural } from "../../domain/plural.ts";

export function notConfirmed(amount: number): HeadworksError {
  return new HeadworksError({
    code: "NOT_CONFIRMED",
    message: `${plural(amount, "task")} would be retried; that was not confirmed, so none was`,
    hint: "the same with --yes retries them",
  });
}
