// `headworks doctor`: checks this machine, the database and the configuration, and says what to do about each finding.

import type { Command } from "commander";
import type { Finding } from "../../contract/printed.ts";
import { checkConfiguration } from "../doctor/configuration.ts";
import { checkDatabase } from "../doctor/database.ts";
import { checkMachine } from "../doctor/machine.ts";
import { EXIT } from "../errors.ts";
import type { GlobalOptions } from "../globals.ts";
import { type Paint, painter, type Style, writeData, writeJson } from "../render/output.ts";

export function configure(command: Command): void {
  command
    .addHelpText("after", "\nExits 0 when nothing fails, 1 otherwise.\n\nExample:\n  $ headworks doctor")
    .action(async (_options, self: Command) => {
      const options = self.optsWithGlobals<GlobalOptions>();
      const findings = [
        ...(await checkMachine(options)),
        ...(await checkConfiguration(options)),
        ...(await checkDatabase(options)),
      ];
      if (options.json) writeJson({ findings });
      else writeData(renderFindings(findings, painter(process.stdout)));
      if (findings.some((finding) => finding.state === "fail")) process.exitCode = EXIT.wrong;
    });
}

const STYLE = { ok: "green", warn: "yellow", fail: "red" } as const satisfies Record<Finding["state"], Style>;

export function renderFindings(findings: readonly Finding[], paint: Paint): string[] {
  const width = Math.max(...findings.map((finding) => finding.check.length));
  return findings.flatMap(({ state, check, message, hint }) => [
    `${paint(STYLE[state], state.padEnd(4))}  ${check.padEnd(width)}  ${message.split("\n").join(`\n${" ".repeat(width + 8)}`)}`,
    ...(hint === null ? [] : [`${" ".repeat(width + 8)}${paint("cyan", `→ ${hint}`)}`]),
  ]);
}
