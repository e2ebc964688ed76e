// A configuration for supervisor.pg.test.ts: a processor that blocks its whole process the first time it runs, and one
// that has more time, and waits beside it.

import { pipeline } from "../define/pipeline.ts";
import { processor } from "../define/processor.ts";
import { queue } from "../define/queue.ts";

const burner = processor("burner", {
  phase: "all",
  hardTimeout: "500ms",
  queue: queue("eager", { minBackoff: "1ms", maxBackoff: "2ms", maxAttempts: 3 }),
  run(ctx) {
    while (ctx.attempt === 1);
  },
});

const neighbor = processor("neighbor", {
  phase: "all",
  hardTimeout: "10m",
  async run(ctx) {
    if (ctx.attempt > 1) return;
    await new Promise((resolve) => ctx.signal.addEventListener("abort", resolve));
  },
});

export default pipeline("stuck", { phases: ["all"], processors: [burner, neighbor] });
