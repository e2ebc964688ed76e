// Words that the commands on failed tasks share.

import { HeadworksError } from "../../domain/error.ts";

export function notConfirmed(amount: number): HeadworksError {
  return new HeadworksError({
    code: "NOT_CONFIRMED",
    message: `${tasks(amount)} would be retried; that was not confirmed, so none was`,
    hint: "the same with --yes retries them",
  });
}

export function tasks(amount: number): string {
  return `${amount.toLocaleString("en")} ${amount === 1 ? "task" : "tasks"}`;
}
