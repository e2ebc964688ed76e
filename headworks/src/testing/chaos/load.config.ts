// The configuration of a chaos run. Its handlers note what they do in HEADWORKS_CHAOS_OPERATIONS, and write one row each.

import { hash } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import { z } from "zod";
import type { RunContext } from "../../define/context.ts";
import { dataset } from "../../define/dataset.ts";
import { dynamic } from "../../define/partition-sets.ts";
import { pipeline } from "../../define/pipeline.ts";
import { processor } from "../../define/processor.ts";
import { queue } from "../../define/queue.ts";
import { source } from "../../define/source.ts";
import { BACKFILL, PACE, REQUESTS } from "./load-limits.ts";
import { noteOperation } from "./operations.ts";

const folder = process.env.HEADWORKS_CHAOS_OPERATIONS ?? "";
/** Retries that follow at once, and never come to an end: a fault that lasts must not fail a task. */
const patience = { minBackoff: "10ms", maxBackoff: "200ms", maxAttempts: 100_000 } as const;

const parcels = dynamic("parcels");
const paced = dynamic("paced_parcels");
const laned = dynamic("laned_parcels");
const calls = dynamic("calls");
const spins = dynamic("spins");
const neighbors = dynamic("neighbors");

const letters = dynamic("letters");

const delivered = rowsOf("delivered");
const pacedOut = rowsOf("paced_out");
const lanedOut = rowsOf("laned_out");
const answered = rowsOf("answered");
const spun = rowsOf("spun");
const neighborly = rowsOf("neighborly");

/** A task of a few milliseconds, up to as many as there are in its name after an `m`: `17m400`. */
const parcel = processor("parcel", {
  phase: "load",
  partitions: parcels,
  queue: queue("parcels", patience),
  output: delivered,
  async run(ctx) {
    await noted(ctx, async () => {
      await delay(millisecondsOf(ctx.partition), undefined, { signal: ctx.signal });
      await ctx.write(delivered, [{ key: ctx.partition }]);
    });
  },
});

/** Tasks of a queue with a rate. */
const pacedParcel = processor("paced_parcel", {
  phase: "load",
  partitions: paced,
  queue: queue("paced", {
    ...patience,
    maxDispatchesPerSecond: PACE.perSecond,
    maxBurstSize: PACE.burst,
  }),
  output: pacedOut,
  async run(ctx) {
    await noted(ctx, () => ctx.write(pacedOut, [{ key: ctx.partition }]));
  },
});

/** Tasks of a queue with two lanes, of which one has a rate. */
const lanedParcel = processor("laned_parcel", {
  phase: "load",
  partitions: laned,
  queue: queue("laned", {
    ...patience,
    maxConcurrentDispatches: 16,
    lanes: { backfill: { maxDispatchesPerSecond: BACKFILL.perSecond, maxBurstSize: BACKFILL.burst } },
  }),
  output: lanedOut,
  async run(ctx) {
    await noted(ctx, async () => {
      await delay(millisecondsOf(ctx.partition), undefined, { signal: ctx.signal });
      await ctx.write(lanedOut, [{ key: ctx.partition }]);
    });
  },
});

const host = source("host", {
  baseUrl: process.env.HEADWORKS_CHAOS_SOURCE ?? "http://127.0.0.1:1",
  maxRequestsPerSecond: REQUESTS.perSecond,
  maxBurstSize: REQUESTS.burst,
});

/** Tasks that ask a source with a rate. */
const call = processor("call", {
  phase: "load",
  partitions: calls,
  queue: queue("calls", patience),
  output: answered,
  async run(ctx) {
    await noted(ctx, async () => {
      await ctx.http(host).text(`/${ctx.partition}`);
      await ctx.write(answered, [{ key: ctx.partition }]);
    });
  },
});

/** Its first run never lets go of its process. */
const spin = processor("spin", {
  phase: "load",
  partitions: spins,
  hardTimeout: "1s",
  queue: queue("spins", patience),
  output: spun,
  async run(ctx) {
    await noted(ctx, async () => {
      while (ctx.attempt === 1);
      await ctx.write(spun, [{ key: ctx.partition }]);
    });
  },
});

/** As a parcel, with one attempt: whoever makes it lose that one makes it fail. */
const neighbor = processor("neighbor", {
  phase: "load",
  partitions: neighbors,
  queue: queue("neighbors", { maxAttempts: 1 }),
  output: neighborly,
  async run(ctx) {
    await noted(ctx, async () => {
      await delay(millisecondsOf(ctx.partition), undefined, { signal: ctx.signal });
      await ctx.write(neighborly, [{ key: ctx.partition }]);
    });
  },
});

const handed = dataset("handed_over", {
  schema: z.object({ key: z.string(), bytes: z.int(), hash: z.string() }),
  key: ["key"],
});

/** Tells what was handed over to it. */
const letter = processor("letter", {
  phase: "load",
  partitions: letters,
  queue: queue("letters", patience),
  output: handed,
  async run(ctx) {
    await noted(ctx, async () => {
      const text = JSON.stringify(await ctx.payload());
      await delay(millisecondsOf(ctx.partition), undefined, { signal: ctx.signal });
      const bytes = Buffer.byteLength(text);
      await ctx.write(handed, [{ key: ctx.partition, bytes, hash: hash("sha256", text, "hex") }]);
    });
  },
});

/** Dynamic sets need somebody who finds them; here the producer does, and this finds nothing. */
const finder = processor("finder", {
  phase: "load",
  discovers: [parcels, paced, laned, calls, spins, neighbors, letters],
  run: () => undefined,
});

export default pipeline("chaos", {
  phases: ["load"],
  processors: [finder, parcel, pacedParcel, lanedParcel, call, spin, neighbor, letter],
});

function rowsOf(name: string) {
  return dataset(name, { schema: z.object({ key: z.string() }), key: ["key"] });
}

async function noted(ctx: RunContext, work: () => Promise<unknown>): Promise<void> {
  noteOperation(folder, "began", ctx);
  await work();
  noteOperation(folder, "ended", ctx);
}

function millisecondsOf(partition: string): number {
  const most = Number(/m(\d+)$/.exec(partition)?.[1] ?? 10);
  return Math.random() * most;
}
