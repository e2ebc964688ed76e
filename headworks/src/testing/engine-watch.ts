// Tells a test when runs have settled, and when nothing is left that would run: by the engine's own events.

import type { SettledRun } from "../engine/settlement/settled-run.ts";
import type { Database } from "../store/database.ts";

export interface RunWatch {
  /** Every settled run, in the order of settlement. */
  settled: SettledRun[];
  /** The next or an earlier run of this output that fits. */
  untilRun(processor: string, partition: string, fits?: (run: SettledRun) => boolean): Promise<SettledRun>;
  /** Until nothing is ready, scheduled or running. Tasks that wait for data may be left. */
  untilSettled(): Promise<void>;
  noted(run: SettledRun): void;
}

const BUSY =
  "select exists (select from headworks.tasks where state in ('ready', 'running', 'scheduled')) as busy";

export function watchRuns(database: Database): RunWatch {
  const settled: SettledRun[] = [];
  const waiting = new Set<() => void>();

  /** Resolves with what `look` finds, now or after one of the next settlements. */
  async function until<T>(look: () => Promise<T | undefined> | T | undefined): Promise<T> {
    for (;;) {
      const seen = settled.length;
      const found = await look();
      if (found !== undefined) return found;
      if (settled.length > seen) continue;
      await new Promise<void>((resolve) => waiting.add(resolve));
    }
  }

  return {
    settled,
    noted(run) {
      settled.push(run);
      for (const wake of waiting) wake();
      waiting.clear();
    },
    untilRun: (processor, partition, fits = () => true) =>
      until(() =>
        settled.find(
          (each) =>
            each.run.task.processor === processor && each.run.task.partition === partition && fits(each),
        ),
      ),
    async untilSettled() {
      await until(async () => {
        const result = await database.query<{ busy: boolean }>(BUSY);
        return result.rows[0]?.busy === false ? true : undefined;
      });
    },
  };
}
