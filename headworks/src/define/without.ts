// without(): the same processors for a source that lacks something.

import { asNeed, type NamedProcessor, type Need, type NeedInput, type RequiredNeed } from "./needs.ts";
import type { Processor } from "./processor.ts";

/**
 * The processors that are left when some can't run, since their source has no such data: those that require a missing
 * one go too; an optional need of one, and an alternative of several, is only struck out.
 */
export function without(
  processors: readonly Processor[],
  missing: readonly (NamedProcessor | string)[],
): Processor[] {
  const gone = new Set(missing.map(nameOf));
  let left = processors.filter((processor) => !gone.has(processor.name));
  for (let before = -1; before !== gone.size; ) {
    before = gone.size;
    for (const processor of left) if (needsOf(processor, gone) === undefined) gone.add(processor.name);
    left = left.filter((processor) => !gone.has(processor.name));
  }
  return left.map((processor) => ({
    ...processor,
    options: { ...processor.options, needs: needsOf(processor, gone) ?? [] },
  }));
}

/** A processor's needs without those that are gone; undefined when it can't do without one. */
function needsOf(processor: Processor, gone: ReadonlySet<string>): NeedInput[] | undefined {
  const kept: Need[] = [];
  for (const need of (processor.options.needs ?? []).map(asNeed)) {
    const left = keptNeed(need, gone);
    if (left === "impossible") return undefined;
    if (left !== "struck out") kept.push(left);
  }
  return kept;
}

function keptNeed(need: Need, gone: ReadonlySet<string>): Need | "struck out" | "impossible" {
  const isGone = (wanted: RequiredNeed) => gone.has(nameOf(wanted.processor));
  switch (need.kind) {
    case "required":
      return isGone(need) ? "impossible" : need;
    case "optional":
      return isGone(need.need) ? "struck out" : need;
    case "any_of": {
      const options = need.options.filter((option) => !isGone(option));
      return options.length === 0 ? "impossible" : { kind: "any_of", options };
    }
  }
}

function nameOf(processor: NamedProcessor | string): string {
  return typeof processor === "string" ? processor : processor.name;
}
