// Sorts the arguments of a demo: its own, and those that are passed on to Headworks.

import type { ParseArgsConfig } from "node:util";

/** Takes the demo's own options, by their names, out of a command line; what is left is for `headworks start`. */
export function sortArguments(
  args: readonly string[],
  options: NonNullable<ParseArgsConfig["options"]>,
): { own: string[]; forHeadworks: string[] } {
  const own: string[] = [];
  const forHeadworks: string[] = [];
  const rest = [...args];
  for (let argument = rest.shift(); argument !== undefined; argument = rest.shift()) {
    const [name = "", inline] = argument.replace(/^--/, "").split("=", 2);
    const option = argument.startsWith("--") ? options[name] : undefined;
    (option === undefined ? forHeadworks : own).push(argument);
    if (option?.type === "string" && inline === undefined) own.push(rest.shift() ?? "");
  }
  return { own, forHeadworks };
}
