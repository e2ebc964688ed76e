// The ages of datasets: checked against their schemas, and compiled to milliseconds.

import { z } from "zod";
import { findDurationMs } from "../../domain/duration.ts";
import type { Dataset } from "../dataset.ts";
import type { Problems } from "./problems.ts";

/** The age is a duration, and its field a day or an instant. */
export function checkDatasetRetention({ name, schema, retention }: Dataset, problems: Problems): void {
  if (retention === undefined) return;
  const where = `dataset ${name} › retention`;
  problems.durationMs(`${where}.age`, retention.age, 0);
  const field = schema.shape[retention.by];
  if (field !== undefined && isTime(field)) return;
  problems.add(
    `${where}.by`,
    "AGE_WITHOUT_TIME",
    field === undefined ? `${retention.by} is not in its schema` : `${retention.by} holds no day or instant`,
    "name a field of z.iso.date() or z.iso.datetime(): rows grow old by it",
  );
}

/** Datasets whose rows grow old, with the age in milliseconds. The durations have been checked. */
export function agingDatasets(datasets: Iterable<Dataset>) {
  return Array.from(datasets).flatMap((dataset) => {
    const keepMs = dataset.retention && findDurationMs(dataset.retention.age);
    return dataset.retention === undefined || keepMs === undefined
      ? []
      : [{ dataset, by: dataset.retention.by, keepMs }];
  });
}

function isTime(field: z.core.$ZodType): boolean {
  const json = z.toJSONSchema(field, { io: "output", unrepresentable: "any" });
  const kinds = (json.anyOf ?? [json]).filter(({ type }) => type !== "null").map(({ format }) => format);
  return kinds.length > 0 && ["date", "date-time"].some((time) => kinds.every((kind) => kind === time));
}
