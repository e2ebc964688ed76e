// Who works at this terminal, for the audit log.

import { userInfo } from "node:os";

/** The account's name; its number where the account has no name, as in some containers. */
export function actor(): string {
  try {
    return userInfo().username;
  } catch {
    return `uid ${process.getuid?.() ?? "unknown"}`;
  }
}
