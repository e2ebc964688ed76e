// Says of a shape of the contract, field by field, what it holds: a row of a table each.

import { z } from "zod";

/** One field of a shape; fields within it are named by their path, `items[].name`. */
export interface FieldRow {
  name: string;
  type: string;
  /** What the name doesn't say: bounds, the default, the meaning. */
  notes: string[];
}

/** What is used of a JSON Schema. */
interface Schema {
  type?: string | readonly string[];
  format?: string;
  enum?: readonly unknown[];
  const?: unknown;
  anyOf?: readonly Schema[];
  oneOf?: readonly Schema[];
  items?: Schema;
  properties?: Readonly<Record<string, Schema>>;
  required?: readonly string[];
  additionalProperties?: boolean | Schema;
  minimum?: number;
  maximum?: number;
  exclusiveMinimum?: number;
  minLength?: number;
  maxLength?: number;
  minItems?: number;
  maxItems?: number;
  default?: unknown;
  description?: string;
}

const FORMATS: Readonly<Record<string, string>> = { "date-time": "instant", date: "day", uuid: "UUID" };

/** The fields of an object's shape, those within it after each. */
export function fieldsOf(shape: z.ZodType, io: "input" | "output"): FieldRow[] {
  const schema = z.toJSONSchema(shape, { io, reused: "inline", unrepresentable: "any" }) as Schema;
  return rowsOf(schema, "", io);
}

function rowsOf(schema: Schema, prefix: string, io: "input" | "output"): FieldRow[] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, field]) => {
    const isOptional = io === "input" && !(schema.required ?? []).includes(name);
    const path = `${prefix}${name}`;
    return [rowOf(path, field, isOptional), ...withinOf(field, path, io)];
  });
}

function rowOf(name: string, field: Schema, isOptional: boolean): FieldRow {
  const { schema, isNullable } = withoutNull(field);
  const type = `${typeOf(schema)}${isNullable ? " or null" : ""}`;
  const fallback = field.default ?? schema.default;
  const optional = fallback === undefined ? ["optional"] : [`default ${code(fallback)}`];
  const description = field.description ?? schema.description;
  return {
    name,
    type,
    notes: [...(isOptional ? optional : []), ...boundsOf(schema), ...(description ? [description] : [])],
  };
}

/** The fields within an object, or within the objects of an array. */
function withinOf(field: Schema, path: string, io: "input" | "output"): FieldRow[] {
  const { schema } = withoutNull(field);
  if (schema.items !== undefined) return withinOf(schema.items, `${path}[]`, io);
  return rowsOf(schema, `${path}.`, io);
}

function withoutNull(field: Schema): { schema: Schema; isNullable: boolean } {
  if (Array.isArray(field.type)) {
    const [type = "null"] = field.type.filter((each) => each !== "null");
    return { schema: { ...field, type }, isNullable: true };
  }
  const others = field.anyOf?.filter((each) => each.type !== "null");
  const [only] = others ?? [];
  if (others?.length !== 1 || only === undefined || others.length === field.anyOf?.length)
    return { schema: field, isNullable: false };
  return { schema: only, isNullable: true };
}

function typeOf(schema: Schema): string {
  if (schema.enum !== undefined) return schema.enum.map(code).join(", ");
  if (schema.const !== undefined) return code(schema.const);
  const variants = schema.oneOf ?? schema.anyOf;
  if (variants !== undefined) return variants.map(variantOf).join(", ");
  if (schema.items !== undefined) return `array of ${typeOf(schema.items)}`;
  if (schema.format !== undefined && schema.format in FORMATS) return FORMATS[schema.format] ?? "string";
  return typeof schema.type === "string" ? schema.type : "any JSON value";
}

/** `{kind: "show_run", processor, partition}` */
function variantOf(schema: Schema): string {
  if (schema.properties === undefined) return typeOf(schema);
  const fields = Object.entries(schema.properties).map(([name, field]) =>
    field.const === undefined ? name : `${name}: ${JSON.stringify(field.const)}`,
  );
  return `\`{${fields.join(", ")}}\``;
}

function boundsOf(schema: Schema): string[] {
  const { minimum = exclusive(schema), maximum, minLength, maxLength, minItems, maxItems } = schema;
  return [
    ...rangeOf(bounded(minimum), bounded(maximum), ""),
    ...(schema.format === undefined ? rangeOf(minLength, maxLength, " characters") : []),
    ...rangeOf(minItems, maxItems, " items"),
  ];
}

function exclusive({ exclusiveMinimum }: Schema): number | undefined {
  return exclusiveMinimum;
}

/** What every whole number of JSON keeps to is no bound of ours. */
function bounded(bound: number | undefined): number | undefined {
  return bound === undefined || Math.abs(bound) === Number.MAX_SAFE_INTEGER ? undefined : bound;
}

function rangeOf(min: number | undefined, max: number | undefined, unit: string): string[] {
  if (min !== undefined && max !== undefined) return [`${said(min)} to ${said(max)}${unit}`];
  if (max !== undefined) return [`at most ${said(max)}${unit}`];
  if (min === undefined || (min === 1 && unit === " characters")) return [];
  return [`at least ${said(min)}${unit}`];
}

function said(amount: number): string {
  return amount.toLocaleString("en");
}

function code(value: unknown): string {
  return `\`${typeof value === "string" ? value : JSON.stringify(value)}\``;
}
