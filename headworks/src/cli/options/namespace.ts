// `--namespace`: which namespace a question is about.

import type { Command } from "commander";
import { PROD } from "../../domain/namespace.ts";
import type { GlobalOptions } from "../globals.ts";

export interface NamespaceOptions extends GlobalOptions {
  namespace: string;
}

export function addNamespaceOption(command: Command): Command {
  return command.option("--namespace <name>", "in this namespace", PROD);
}
