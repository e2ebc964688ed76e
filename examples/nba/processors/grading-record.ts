// Publishes the grading record of the season: our predictions beside season averages, and our picks by bookmaker.

import { every, need, optional, processor } from "headworks";
import { envelope } from "../publish/envelope.ts";
import { gather } from "../publish/gather.ts";
import { gradingColumns, gradingHalt, gradingRecord, gradingRows } from "../publish/grading-record.ts";
import { toParquet } from "../publish/parquet.ts";
import { publications, publish } from "../publish/publications.ts";
import { season } from "../season.ts";
import { lineGrades, lineGradesDaily } from "./line-grades.ts";
import { predictionGrades, predictionGradesDaily } from "./prediction-grades.ts";

const EVERY_DAY = { partitions: every() };

export const gradingRecordSeason = processor("grading_record", {
  phase: "publish",
  criticality: "high",
  needs: [optional(need(predictionGradesDaily, EVERY_DAY)), optional(need(lineGradesDaily, EVERY_DAY))],
  expect: { min: 1, max: 1 },
  output: publications,
  async run(ctx) {
    const there = gather(ctx);
    const record = gradingRecord(await there.rows(predictionGrades), await there.rows(lineGrades));
    const reason = gradingHalt(record);
    const head = { schema: "grading/1", season: season.name, generatedFor: season.name } as const;
    await publish(ctx, [
      {
        name: "grading",
        envelope: envelope({ ...head, without: there.without }, record, reason),
        games: null,
        players: null,
        parquet: toParquet(gradingRows(record), gradingColumns, {
          schema: head.schema,
          status: reason ?? "published",
        }),
      },
    ]);
    const { mae, baselineMae } = record.predictions;
    if (mae !== null) ctx.metric("grading.mae", mae, { season: season.name });
    if (baselineMae !== null) ctx.metric("grading.baseline_mae", baselineMae, { season: season.name });
  },
});
