// The graph: what a picture of the pipelines shows.

import { z } from "zod";
import { type OutputOf, question } from "./operation.ts";
import { criticality } from "./shape/names.ts";

export const NEED_KINDS = ["required", "optional", "either"] as const;

const processor = z.strictObject({
  name: z.string(),
  covers: z.string().describe("what a partition is: `day`, the name of a discovered set, `once`"),
  criticality,
});

const phase = z.strictObject({
  pipeline: z.string(),
  name: z.string(),
  processors: z.array(processor).describe("in order of dependency"),
});

const need = z.strictObject({
  from: z.string(),
  to: z.string(),
  kind: z.enum(NEED_KINDS).describe("`either`: one of several is enough"),
});

export const showGraph = question({
  name: "graph.show",
  summary: "Show the pipelines of the configuration: phases, processors, and what each needs.",
  path: "/v1/graph",
  input: z.strictObject({}),
  output: z.strictObject({ phases: z.array(phase), needs: z.array(need) }),
});

export type Graph = OutputOf<typeof showGraph>;
export type GraphPhase = Graph["phases"][number];
export type GraphProcessor = GraphPhase["processors"][number];
export type GraphNeed = Graph["needs"][number];
