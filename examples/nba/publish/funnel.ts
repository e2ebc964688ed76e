// Counts how many games of a day have reached each stage of the pipeline.

/** The stages in order, as columns. */
export const STAGES = [
  "scheduled",
  "fetched",
  "summarised",
  "featured",
  "predicted",
  "graded",
  "published",
] as const;

export type Stage = (typeof STAGES)[number];

/** The games at each stage, as rows that name them; undefined for a stage that the season doesn't have. */
export type StageRows = Readonly<Record<Stage, readonly { game_id: string }[] | number | undefined>>;

/** How many different games each stage has; null for one that the season doesn't have. A number is a count already. */
export function funnelOf(stages: StageRows): Record<Stage, number | null> {
  const count = (stage: Stage) => {
    const rows = stages[stage];
    if (rows === undefined || typeof rows === "number") return rows ?? null;
    return new Set(rows.map(({ game_id }) => game_id)).size;
  };
  return {
    scheduled: count("scheduled"),
    fetched: count("fetched"),
    summarised: count("summarised"),
    featured: count("featured"),
    predicted: count("predicted"),
    graded: count("graded"),
    published: count("published"),
  };
}
