// `headworks graph`: the pipelines of the configuration as a picture.

import { type Command, Option } from "commander";
import { graphOf } from "../../inspect/picture/graph.ts";
import { renderMermaid } from "../../inspect/picture/mermaid.ts";
import { renderSvg } from "../../inspect/picture/svg.ts";
import { type GlobalOptions, readConfiguration } from "../globals.ts";
import { writeData, writeJson } from "../render/output.ts";

interface GraphOptions extends GlobalOptions {
  svg?: boolean;
}

export function configure(command: Command): void {
  command
    .addOption(new Option("--mermaid", "as a Mermaid flowchart (the default)").conflicts("svg"))
    .addOption(new Option("--svg", "as an SVG picture"))
    .addHelpText("after", "\nExample:\n  $ headworks graph --svg > pipeline.svg")
    .action(async (_options, self: Command) => graph(self.optsWithGlobals<GraphOptions>()));
}

async function graph(options: GraphOptions): Promise<void> {
  const { registry } = await readConfiguration(options);
  const drawn = graphOf(registry);
  if (options.json) return writeJson(drawn);
  writeData((options.svg ? renderSvg(drawn) : renderMermaid(drawn)).trimEnd());
}
