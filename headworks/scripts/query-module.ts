// The TypeScript module of a .sql file, as text: for each query the types of what it takes and gives, and a function.

import {
  type Field,
  type NamedType,
  parseQueryFile,
  type Query,
  type QueryFile,
} from "../src/store/query-file.ts";

/** What PostgreSQL's types are in JavaScript, as value-parsers.ts reads them and the driver writes them. */
const IN_TYPESCRIPT: Readonly<Record<string, string>> = {
  ...{ int2: "number", int4: "number", int8: "number", float4: "number", float8: "number" },
  ...{ text: "string", uuid: "string", date: "string", timestamptz: "string" },
  ...{ bool: "boolean", json: "unknown", jsonb: "unknown" },
};

/** Throws when the file isn't well formed, or names a TypeScript type that it neither has nor imports. */
export function queryModule(file: string, text: string): string {
  const parsed = parseQueryFile(text);
  const parts = [
    `// The queries of ${file}, with the types that their headers declare. Written by npm run queries.`,
    importsOf(parsed),
    `const queries = openQueries(new URL("${file}", import.meta.url));`,
    ...parsed.types.map(namedTypeOf),
    ...parsed.queries.map(definitionOf),
  ];
  checkNames(file, parsed);
  return `${parts.join("\n\n")}\n`;
}

function importsOf({ imports }: QueryFile): string {
  const types = imports
    .toSorted((a, b) => (a.path < b.path ? -1 : 1))
    .map(({ path, names }) => `import type { ${names.toSorted().join(", ")} } from "${path}";`);
  return [...types, 'import { openQueries } from "../sql.ts";'].join("\n");
}

function definitionOf(query: Query): string {
  const { name, cardinality, description, params, returns, returnsType } = query;
  const stem = name.replace(/^./, (letter) => letter.toUpperCase());
  const given = params.length === 0 ? "void" : `${stem}Params`;
  const row = returnsType ?? `${stem}Row`;
  const generics = cardinality === "exec" ? given : `${given}, ${row}`;
  return [
    ...(params.length === 0 ? [] : [interfaceOf(given, params, "params"), ""]),
    ...(returns.length === 0 || returnsType !== undefined ? [] : [interfaceOf(row, returns, "row"), ""]),
    `/** ${sentence(description)} */`,
    `export const ${name} = queries.${cardinality}<${generics}>("${name}");`,
  ].join("\n");
}

function namedTypeOf({ name, description, fields }: NamedType): string {
  const body = interfaceOf(name, fields, "row");
  return description === undefined ? body : `/** ${sentence(description)} */\n${body}`;
}

function sentence(text: string): string {
  return `${text.replace(/^./, (letter) => letter.toUpperCase())}.`;
}

function interfaceOf(name: string, fields: readonly Field[], of: "params" | "row"): string {
  const members = fields.map((field) => `  ${of === "params" ? given(field) : found(field)};`);
  return `export interface ${name} {\n${members.join("\n")}\n}`;
}

function found(field: Field): string {
  return `${field.name}: ${typeOf(field)}`;
}

/** What may be null may also be left out: a search names what it looks for. */
function given(field: Field): string {
  const type = typeOf(field).replace(/^(.*\[\])/, "readonly $1");
  return field.nullable ? `${field.name}?: ${type} | undefined` : `${field.name}: ${type}`;
}

function typeOf(field: Field): string {
  const element = elementOf(field);
  const type = field.type.startsWith("_") ? arrayOf(element, field.nullableElements) : element;
  return field.nullable && type !== "unknown" ? `${type} | null` : type;
}

function arrayOf(element: string, nullable: boolean): string {
  return nullable ? `(${element} | null)[]` : `${element}[]`;
}

function elementOf({ name, type, typescript }: Field): string {
  const element = typescript ?? IN_TYPESCRIPT[type.replace(/^_/, "")];
  if (element === undefined) throw new Error(`${name} has the type ${type}, which has none in TypeScript`);
  return element;
}

function checkNames(file: string, { imports, types, queries }: QueryFile): void {
  const known = new Set([...imports.flatMap(({ names }) => names), ...types.map(({ name }) => name)]);
  const declared: Pick<NamedType, "fields">[] = [
    ...types,
    ...queries.map(({ params, returns }) => ({ fields: [...params, ...returns] })),
  ];
  const used = declared.flatMap(({ fields }) => fields.flatMap(({ typescript = [] }) => typescript));
  const unknown = used.map((type) => type.replace("[]", "")).filter((type) => !known.has(type));
  if (unknown.length > 0)
    throw new Error(`${file} names the type ${unknown[0]}, which it neither has nor imports`);
  const idle = [...known].filter(
    (type) =>
      !used.some((each) => each.replace("[]", "") === type) &&
      !queries.some((query) => query.returnsType === type),
  );
  if (idle.length > 0) throw new Error(`${file} has the type ${idle[0]}, which it doesn't use`);
}
