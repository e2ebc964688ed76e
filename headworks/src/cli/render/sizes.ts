// Sizes as people read them: "83 MB".

const UNITS = ["B", "kB", "MB", "GB", "TB"] as const;

/** In the largest decimal unit that gives at least 1, with a digit after the point below 10. */
export function formatBytes(bytes: number): string {
  const unit = bytes < 1 ? 0 : Math.min(UNITS.length - 1, Math.floor(Math.log10(bytes) / 3));
  const value = bytes / 1_000 ** unit;
  return `${unit > 0 && value < 10 ? value.toFixed(1) : Math.round(value)} ${UNITS[unit]}`;
}
