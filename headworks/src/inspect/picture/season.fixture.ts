// A registry to draw: three phases, needs of every kind, one that passes layers, and one within a phase.

import { compileRegistry } from "../../define/compile/registry-of.ts";
import { anyOf, type NeedInput, optional } from "../../define/needs.ts";
import { daily, dynamic } from "../../define/partition-sets.ts";
import { pipeline } from "../../define/pipeline.ts";
import { type Processor, processor } from "../../define/processor.ts";

const days = daily({ start: "2026-01-01", end: "2026-01-31" });
const games = dynamic("games", { within: days });

function make(phase: string, name: string, needs: NeedInput[] = []): Processor {
  return processor(name, { phase, partitions: days, needs, run() {} });
}

const schedule = processor("schedule", {
  ...{ phase: "raw", criticality: "critical", partitions: days, discovers: games, run() {} },
});
const log = make("raw", "schedule_log");
const lines = processor("lines", { phase: "raw", run() {} });
const scores = processor("box_scores", { phase: "raw", partitions: games, needs: [schedule], run() {} });
const summaries = make("analytics", "summaries", [scores]);
const standings = make("analytics", "standings", [anyOf(schedule, log)]);
const features = make("analytics", "features", [summaries, schedule, optional(lines)]);
const page = make("publish", "page", [features, standings, optional(lines)]);
const report = make("publish", "report", [log, scores, summaries]);

/** The registry of this season. */
export function seasonRegistry() {
  const phases = ["raw", "analytics", "publish"];
  const processors = [schedule, log, lines, scores, summaries, standings, features, page, report];
  return compileRegistry([pipeline("season", { phases, processors })], { environment: {}, sources: [] });
}
