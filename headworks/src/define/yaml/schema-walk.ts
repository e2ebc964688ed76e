// What a schema says about one place of a value: the keys that are known there, and the description that fits best.

import { z } from "zod";
import type { Path } from "./position.ts";

/** The keys that the mapping at `path` may have; of a union, those of every alternative. */
export function keysAt(schema: z.ZodType, path: Path): string[] {
  const keys = schemasAt(schema, path)
    .flatMap(alternatives)
    .flatMap((each) => (each instanceof z.ZodObject ? Object.keys(each.shape) : []));
  return [...new Set(keys)];
}

/** The description of the field at `path`, or of the nearest one around it that has one. */
export function describedAt(schema: z.ZodType, path: Path): string {
  for (let length = path.length; length >= 0; length -= 1) {
    const [described] = schemasAt(schema, path.slice(0, length)).flatMap((each) => each.description ?? []);
    if (described !== undefined) return described;
  }
  throw new Error("the schema has a description at its root");
}

function schemasAt(schema: z.ZodType, path: Path): z.ZodType[] {
  return path.reduce<z.ZodType[]>(
    (schemas, step) => schemas.flatMap(alternatives).flatMap((each) => stepInto(each, step)),
    [schema],
  );
}

/** The schema itself without what wraps it; for a union, each alternative. */
function alternatives(schema: z.ZodType): z.ZodType[] {
  if (schema instanceof z.ZodOptional) return alternatives(asType(schema.unwrap()));
  if (schema instanceof z.ZodUnion) return schema.options.flatMap((option) => alternatives(asType(option)));
  return [schema];
}

function stepInto(schema: z.ZodType, step: PropertyKey): z.ZodType[] {
  if (schema instanceof z.ZodObject) {
    const field: unknown = schema.shape[String(step)];
    return field === undefined ? [] : [asType(field)];
  }
  if (schema instanceof z.ZodArray) return [asType(schema.element)];
  if (schema instanceof z.ZodRecord) return [asType(schema.valueType)];
  return [];
}

/** zod types the parts of a schema by its smaller core; all parts here are made with `z`. */
function asType(part: unknown): z.ZodType {
  if (part instanceof z.ZodType) return part;
  throw new TypeError("a part of the schema was not made with z");
}
