// How long a run may take, from how long its processor's successful runs took.

/** Milliseconds; `factor` ≥ 1, `floorMs` ≤ `ceilingMs`, and so many successful runs before history counts. */
export interface TimeoutSettings {
  factor: number;
  floorMs: number;
  ceilingMs: number;
  minSamples: number;
}

/** The latest successful runs: how many were looked at, and the time within which 95 of 100 of them ended. */
export interface RunTimes {
  samples: number;
  p95Ms: number;
}

/** The timeout in whole milliseconds; undefined while there are too few samples, so that the declared one holds. */
export function dynamicTimeoutMs(settings: TimeoutSettings, times: RunTimes | undefined): number | undefined {
  if (times === undefined || times.samples < settings.minSamples) return undefined;
  const wanted = Math.ceil(times.p95Ms * settings.factor);
  return Math.min(Math.max(wanted, settings.floorMs), settings.ceilingMs);
}
