// The checks that look at several definitions together: needs, datasets, sources.

import { closest, distance } from "fastest-levenshtein";
import { findMappingFault } from "../../domain/calendar/mapping.ts";
import type { Dataset } from "../dataset.ts";
import type { CompiledProcessor, Environment } from "../registry.ts";
import type { Secret, Source } from "../source.ts";
import { checkBreaker } from "./breaker.ts";
import { checkDatasetRetention } from "./dataset-retention.ts";
import { checkHeaders, checkUrl } from "./http.ts";
import type { Problems } from "./problems.ts";
import { placeOf } from "./processor.ts";

/** Every need names a known processor, with a mapping that can be followed. */
export function checkNeeds(
  processors: readonly CompiledProcessor[],
  byName: ReadonlyMap<string, CompiledProcessor>,
  problems: Problems,
): void {
  for (const processor of processors) {
    processor.needs.forEach((need, index) => {
      const where = `${placeOfProcessor(processor)} › needs[${index}]`;
      for (const option of need.options) {
        const upstream = byName.get(option.processor);
        if (upstream === undefined) {
          problems.add(
            where,
            "UNKNOWN_DEPENDENCY",
            `unknown processor ${option.processor}`,
            suggestion(option.processor, [...byName.keys()]),
          );
          continue;
        }
        const fault = findMappingFault(option.mapping, processor.partitions, upstream.partitions);
        if (fault !== undefined) {
          problems.add(
            where,
            "UNUSABLE_MAPPING",
            fault,
            `give the partitions of ${upstream.name} an end, or map them with trailing(n)`,
          );
        }
      }
    });
  }
}

/** Keys are columns of the schema; a dataset has one owner unless it is shared. */
export function checkDatasets(processors: readonly CompiledProcessor[], problems: Problems) {
  const datasets = new Map<string, Dataset>();
  const owners = new Map<string, string[]>();
  for (const processor of processors) {
    for (const dataset of processor.outputs) {
      const owned = owners.get(dataset.name) ?? [];
      const known = datasets.get(dataset.name);
      if (known === undefined) checkDataset(dataset, problems);
      else if (known !== dataset) {
        problems.add(
          `dataset ${dataset.name}`,
          "DUPLICATE_NAME",
          `two datasets are called ${dataset.name}`,
          "give one of them another name",
        );
      } else if (!dataset.shared) {
        problems.add(
          `${placeOfProcessor(processor)} › output`,
          "TWO_OWNERS",
          `${dataset.name} is owned by ${owned[0]} already`,
          "let one processor own it, or declare it with shared: true",
        );
      }
      datasets.set(dataset.name, dataset);
      owners.set(dataset.name, [...owned, processor.name]);
    }
  }
  return { datasets, owners };
}

/** Addresses and durations can be read, no two sources share a name. */
export function checkSources(sources: readonly Source[], problems: Problems): void {
  const names = new Set<string>();
  for (const source of sources) {
    const where = `source ${source.name}`;
    problems.name(where, source.name);
    if (names.has(source.name)) {
      problems.add(
        where,
        "DUPLICATE_NAME",
        `two sources are called ${source.name}`,
        "declare it once and import it",
      );
    }
    names.add(source.name);
    checkUrl(source.baseUrl, `${where} › baseUrl`, problems);
    checkHeaders(source.headers, `${where} › headers`, problems);
    problems.number(`${where} › maxRequestsPerSecond`, source.maxRequestsPerSecond, { min: 0.001 });
    problems.number(`${where} › maxBurstSize`, source.maxBurstSize, { min: 1 });
    problems.number(`${where} › quota.requests`, source.quota?.requests, { min: 1 });
    checkBreaker(where, source.breaker, problems);
    problems.number(`${where} › maxConnections`, source.maxConnections, { min: 1 });
    problems.number(`${where} › maxRetries`, source.maxRetries, { min: 0 });
    problems.number(`${where} › maxResponseBytes`, source.maxResponseBytes, { min: 1 });
    for (const field of ["timeout", "maxRetryAfter"] as const) {
      problems.durationMs(`${where} › ${field}`, source[field], 0);
    }
  }
}

/** Every secret is set. Its value is nowhere in the problem. */
export function checkSecrets(secrets: readonly Secret[], environment: Environment, problems: Problems): void {
  for (const name of new Set(secrets.map((secret) => secret.name))) {
    if (environment[name]) continue;
    problems.add(`secret ${name}`, "SECRET_UNSET", "it is not set", `set the environment variable ${name}`);
  }
}

function placeOfProcessor(processor: CompiledProcessor): string {
  return placeOf("processor", processor.name, processor.declaredAt);
}

function checkDataset(dataset: Dataset, problems: Problems): void {
  const where = `dataset ${dataset.name}`;
  const columns = Object.keys(dataset.schema.shape);
  problems.name(where, dataset.name);
  for (const column of columns) problems.name(`${where} › schema.${column}`, column);
  if (dataset.key.length === 0)
    problems.add(`${where} › key`, "NO_KEY", "it has no key", "name the fields that identify a row");
  for (const field of dataset.key) {
    if (columns.includes(field)) continue;
    problems.add(
      `${where} › key`,
      "KEY_NOT_IN_SCHEMA",
      `${field} is not in its schema`,
      suggestion(field, columns),
    );
  }
  checkDatasetRetention(dataset, problems);
}

/** "did you mean …?" where one is near, else the choices. */
export function suggestion(wrong: string, known: readonly string[]): string {
  if (known.length === 0) return "declare it first";
  const near = closest(wrong, [...known]);
  if (distance(wrong, near) <= Math.max(Math.min(2, wrong.length - 2), Math.floor(wrong.length / 3)))
    return `did you mean ${near}?`;
  return `use one of: ${known.slice(0, 12).join(", ")}`;
}
