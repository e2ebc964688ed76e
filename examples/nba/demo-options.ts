// The options of the demo: its own, and those that are passed on to Headworks.

import { parseArgs } from "node:util";

const OPTIONS = {
  source: { type: "string", default: "simulated" },
  seed: { type: "string", default: "1" },
  fault: { type: "string", multiple: true },
  port: { type: "string", default: "4610" },
  stay: { type: "boolean", default: false },
} as const;

export interface DemoOptions {
  source: "simulated" | "recorded";
  seed: number;
  /** Undefined: the demo's usual ones. */
  faults: string[] | undefined;
  port: number;
  /** Whether everything stays up when the work is done. */
  stay: boolean;
  /** What isn't an option of the demo is one of `headworks start`. */
  forHeadworks: string[];
}

/** Reads the command line. Throws with a sentence when an option can't be used. */
export function readDemoOptions(args: readonly string[]): DemoOptions {
  const own: string[] = [];
  const forHeadworks: string[] = [];
  const rest = [...args];
  for (let argument = rest.shift(); argument !== undefined; argument = rest.shift()) {
    const [name = "", inline] = argument.replace(/^--/, "").split("=", 2);
    const option =
      argument.startsWith("--") && name in OPTIONS ? OPTIONS[name as keyof typeof OPTIONS] : undefined;
    (option === undefined ? forHeadworks : own).push(argument);
    if (option?.type === "string" && inline === undefined) own.push(rest.shift() ?? "");
  }
  const { values } = parseArgs({ args: own, options: OPTIONS });
  if (values.source !== "simulated" && values.source !== "recorded") {
    throw new Error(`--source ${values.source}: choose simulated or recorded`);
  }
  return {
    source: values.source,
    seed: Number(values.seed),
    faults: values.fault,
    port: Number(values.port),
    stay: values.stay,
    forHeadworks,
  };
}
