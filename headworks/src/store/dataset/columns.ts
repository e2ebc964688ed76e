// Reads the columns of a dataset's table from its zod schema.

import { z } from "zod";
import type { Dataset } from "../../define/dataset.ts";
import { HeadworksError } from "../../domain/error.ts";

/** The kinds of column. Whatever is none of the others is kept as JSON. */
export type ColumnType =
  | "text"
  | "date"
  | "timestamptz"
  | "uuid"
  | "bigint"
  | "double precision"
  | "boolean"
  | "numeric"
  | "jsonb";

export interface Column {
  name: string;
  type: ColumnType;
  /** Whether it may hold NULL. */
  nullable: boolean;
  /** Whether a NULL is read as a field that isn't there: the schema says optional, but not nullable. */
  absent: boolean;
}

/** A column as it was applied; by that which `ages`, rows go. */
export type StoredColumn = Pick<Column, "name" | "type" | "nullable"> & { ages?: boolean };

type Json = z.core.JSONSchema.BaseSchema;

const UNREPRESENTABLE_HINTS: Record<string, string> = {
  date: "use z.iso.datetime() for instants and z.iso.date() for days: rows hold them as text",
  transform: "say what the transform gives, with .pipe(…) after it: z.string().transform(f).pipe(z.number())",
  undefined: "use .optional()",
  void: "use .optional()",
  nan: "use z.number().nullable()",
  map: "use z.record()",
  set: "use z.array()",
  bigint: "a z.bigint() can be a column of its own, but not a part of one; use z.int() or z.string() there",
};

/** What is text in JSON. */
const TEXTS = new Set<ColumnType>(["text", "date", "timestamptz", "uuid"]);

const known = new WeakMap<Dataset, Column[]>();

/**
 * The columns of the dataset's table, in the order of its schema.
 * Throws HeadworksError DATASET_COLUMN_UNSUPPORTED or DATASET_KEY_UNSUPPORTED.
 */
export function columnsOf(dataset: Dataset): Column[] {
  const columns = known.get(dataset) ?? readColumns(dataset);
  known.set(dataset, columns);
  return columns;
}

/** The columns of the primary key, in the order of the key. */
export function keyColumnsOf(dataset: Dataset): Column[] {
  return dataset.key.flatMap((name) => columnsOf(dataset).filter((column) => column.name === name));
}

function readColumns(dataset: Dataset): Column[] {
  const { properties = {}, required = [] } = z.toJSONSchema(dataset.schema, {
    io: "output",
    metadata: z.registry(), // formats that merely describe a field, and aren't checked, must not choose its column
    unrepresentable: ({ zodSchema, path }) => standIn(dataset, zodSchema, path),
  });
  const columns = Object.entries(properties).map(([name, schema]) => {
    const json = typeof schema === "boolean" ? {} : schema;
    const acceptsNull = mayBeNull(json);
    const isRequired = required.includes(name);
    return { name, type: typeOf(json), nullable: acceptsNull || !isRequired, absent: !acceptsNull };
  });
  for (const column of columns) if (dataset.key.includes(column.name)) checkKey(dataset, column);
  return columns;
}

/** JSON Schema has no large integers; everything else it hasn't can't be kept. */
function standIn(dataset: Dataset, schema: z.core.$ZodTypes, path: (string | number)[]): Json {
  const [, column, ...inside] = path;
  const isWhole = inside.every((step) => step === "anyOf" || typeof step === "number");
  const { def } = schema._zod;
  const isBigint =
    def.type === "bigint" ||
    (def.type === "literal" && def.values.every((value) => typeof value === "bigint"));
  if (isBigint && isWhole) return { type: "integer", format: "bigint" };
  const kind = isBigint ? "bigint" : def.type;
  throw new HeadworksError({
    code: "DATASET_COLUMN_UNSUPPORTED",
    message: `dataset ${dataset.name}: ${column} holds a ${kind}, which a table can't keep`,
    hint: UNREPRESENTABLE_HINTS[kind] ?? "use a schema of plain JSON values",
  });
}

function typeOf(json: Json): ColumnType {
  const types = new Set((optionsOf(json) ?? [json]).flatMap(typesOf));
  const [only = "jsonb"] = types;
  if (types.size <= 1) return only;
  return [...types].every((type) => TEXTS.has(type)) ? "text" : "jsonb";
}

/** The column each kind of value would need; none for null. */
function typesOf(json: Json): ColumnType[] {
  if (optionsOf(json) !== undefined) return [typeOf(json)];
  const kinds = Array.isArray(json.type) ? json.type : [json.type ?? kindOfEnum(json)];
  return kinds.filter((kind) => kind !== "null").map((kind) => typeOfKind(kind, json));
}

/** Enums of several kinds of value, among them null, have no type. */
function kindOfEnum(json: Json): string | undefined {
  return json.enum?.every((value) => value === null || typeof value === "string") ? "string" : undefined;
}

function typeOfKind(kind: string | undefined, json: Json): ColumnType {
  switch (kind) {
    case "string":
      return textTypeOf(json);
    case "integer":
      return json.format === "bigint" ? "numeric" : "bigint";
    case "number":
      return "double precision";
    case "boolean":
      return "boolean";
    default:
      return "jsonb";
  }
}

function textTypeOf(json: Json): ColumnType {
  if (json.format === "date") return "date";
  if (json.format === "date-time") return "timestamptz";
  return json.format === "uuid" ? "uuid" : "text";
}

/** A schema that says nothing of null, such as a reference to itself, may accept it. */
function mayBeNull(json: Json): boolean {
  const options = optionsOf(json);
  if (options !== undefined) return options.some(mayBeNull);
  if (json.allOf !== undefined && json.type === undefined) return json.allOf.every((part) => mayBeNull(part));
  if (json.enum !== undefined) return json.enum.includes(null);
  if (json.type === undefined) return json.not === undefined;
  return Array.isArray(json.type) ? json.type.includes("null") : json.type === "null";
}

function optionsOf(json: Json): Json[] | undefined {
  return json.anyOf ?? json.oneOf;
}

function checkKey(dataset: Dataset, column: Column): void {
  const fault = column.nullable ? "may be missing" : column.type === "jsonb" ? "is kept as JSON" : undefined;
  if (fault === undefined) return;
  throw new HeadworksError({
    code: "DATASET_KEY_UNSUPPORTED",
    message: `dataset ${dataset.name}: ${column.name} is part of the key, but ${fault}`,
    hint: "build the key of texts, numbers, days or instants that every row has",
  });
}
