// `headworks health`: says in one command what is really wrong.

import type { Command } from "commander";
import { readHealth } from "../../inspect/read-health.ts";
import { EXIT } from "../errors.ts";
import { addNamespaceOption, type NamespaceOptions } from "../options/namespace.ts";
import { renderHealth } from "../render/health-report.ts";
import { painter, widthOf, writeData, writeJson } from "../render/output.ts";
import { withNamespace } from "../session.ts";

export function configure(command: Command): void {
  addNamespaceOption(command)
    .addHelpText(
      "after",
      "\nExits 0 when nothing is wrong, 1 otherwise.\n\nExample:\n  $ headworks health && deploy",
    )
    .action(async (_options, self: Command) => {
      const options = self.optsWithGlobals<NamespaceOptions>();
      const report = await withNamespace(options, readHealth);
      if (options.json) writeJson(report);
      else {
        const { stdout } = process;
        writeData(renderHealth(report, { paint: painter(stdout), width: widthOf(stdout), now: Date.now() }));
      }
      if (report.verdict === "bad") process.exitCode = EXIT.wrong;
    });
}
