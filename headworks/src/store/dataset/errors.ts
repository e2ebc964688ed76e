// Tells the mistakes behind PostgreSQL's errors on dataset tables: most often, that the definition wasn't applied yet.

import { HeadworksError, messageOf } from "../../domain/error.ts";

/** Schema, table or column is missing; no key to merge by; a column of another type. */
const NOT_APPLIED = /^(3F000|42P01|42703|42P10|42804|42883)$/;

/** Runs `work`; when it fails since the table isn't as the dataset says, throws HeadworksError DATASET_NOT_APPLIED. */
export async function explainingTable<T>(
  namespace: string,
  dataset: string,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "";
    if (!NOT_APPLIED.test(code)) throw error;
    throw new HeadworksError({
      code: "DATASET_NOT_APPLIED",
      message: `the table ${namespace}.${dataset} isn't there, or not as the dataset is defined (${messageOf(error)})`,
      hint: "run: headworks migrate --datasets",
      cause: error,
    });
  }
}
