// The form of the store's .sql files: named queries, each with a sentence, and the types of its parameters and columns.

/** A parameter or a column, or a field of a named type: `name type`, as `lane text?` or `ids int8[]`. */
export interface Field {
  name: string;
  /** PostgreSQL's own name of the type, such as `int8`; `_int8` is an array. */
  type: string;
  /** `text<TaskState>`: the TypeScript type of the value, or of an element of the array, where PostgreSQL's says too little. */
  typescript: string | undefined;
  /** `text?`: it may be null. */
  nullable: boolean;
  /** `text?[]`: elements of the array may be null. */
  nullableElements: boolean;
  /** `text!`: never null, though it comes from a column that may be. */
  ensured: boolean;
}

export interface Query {
  name: string;
  cardinality: "one" | "maybe" | "many" | "exec";
  description: string;
  params: readonly Field[];
  /** The columns; those of the named type where the header has its name alone. */
  returns: readonly Field[];
  /** The name of the type of a row, when it isn't of the query alone. */
  returnsType: string | undefined;
  /** Planned anew each time: `-- unprepared: why`. */
  unprepared: boolean;
  /** As PostgreSQL reads it: `$ids` in the file is `$1`. */
  text: string;
}

/** A type that several queries return, or of the rows that one takes as JSON. */
export interface NamedType {
  name: string;
  /** What stands after the name, in parentheses: a phrase that says what a row is. */
  description: string | undefined;
  fields: readonly Field[];
}

export interface QueryFile {
  /** `-- from ./module.ts: Name, Other`: where the TypeScript types that it names are. */
  imports: readonly { path: string; names: readonly string[] }[];
  types: readonly NamedType[];
  queries: readonly Query[];
}

/** Reads a file. Throws when it isn't of this form. */
export function parseQueryFile(text: string): QueryFile {
  const parts = text.split(/^(?=-- name: )/m);
  const blocks = parts.filter((part) => part.startsWith("-- name: "));
  const headers = parts.flatMap((part) => split(part).header);
  const types = headers.flatMap((line) => typeIn(line) ?? []);
  return {
    imports: headers.flatMap((line) => importIn(line) ?? []),
    types,
    queries: blocks.map((block) => parseQuery(block, types)),
  };
}

function parseQuery(block: string, types: readonly NamedType[]): Query {
  const { header, statement } = split(block);
  const head = /^-- name: (\w+) :(one|maybe|many|exec)$/.exec(header[0] ?? "");
  if (head === null) throw new Error(`not the header of a query: ${header[0]}`);
  const [, name = "", cardinality] = head;
  const params = fieldsOf(declared(header, "params"));
  const returned = declared(header, "returns");
  const returnsType = /^[A-Z]\w*$/.test(returned) ? returned : undefined;
  const shared = types.find((type) => type.name === returnsType);
  if (returnsType !== undefined && shared === undefined)
    throw new Error(`${name} returns the type ${returnsType}, which its file doesn't have`);
  return {
    name,
    cardinality: cardinality as Query["cardinality"],
    description: (header[1] ?? "").replace(/^-- /, ""),
    params,
    returns: shared?.fields ?? fieldsOf(returned),
    returnsType,
    unprepared: declared(header, "unprepared") !== "",
    text: numbered(name, statement, params),
  };
}

/** The lines of the header, each with those that continue it, which are indented; and what follows. */
function split(block: string): { header: string[]; statement: string } {
  const lines = block.split("\n");
  const first = lines.findIndex((line) => !line.startsWith("--"));
  const header: string[] = [];
  for (const line of first < 0 ? lines : lines.slice(0, first)) {
    const continued = /^-- {2,}(.*)$/.exec(line)?.[1];
    if (continued === undefined) header.push(line);
    else header.push(`${header.pop() ?? "--"} ${continued}`);
  }
  const statement = first < 0 ? "" : lines.slice(first).join("\n").trim().replace(/;$/, "");
  return { header, statement };
}

function declared(header: readonly string[], label: string): string {
  const start = `-- ${label}:`;
  return (
    header
      .find((line) => line.startsWith(start))
      ?.slice(start.length)
      .trim() ?? ""
  );
}

function typeIn(line: string): NamedType | undefined {
  const match = /^-- type ([A-Z]\w*)(?: \(([^)]+)\))?: (.+)$/.exec(line);
  if (match === null) return undefined;
  const [, name = "", description, fields = ""] = match;
  return { name, description, fields: fieldsOf(fields) };
}

function importIn(line: string): QueryFile["imports"][number] | undefined {
  const [, path, names] = /^-- from (\.\S+\.ts): (.+)$/.exec(line) ?? [];
  return path === undefined || names === undefined ? undefined : { path, names: names.split(/,\s*/) };
}

function fieldsOf(list: string): Field[] {
  return list === "" ? [] : list.split(/,\s*/).map(parseField);
}

const FIELD = /^(\w+) ([a-z]\w*)(?:<(\w+(?:\[\])?)>)?(\?)?(\[\])?([?!])?$/;

function parseField(text: string): Field {
  const match = FIELD.exec(text);
  if (match === null) throw new Error(`not a name and a type: ${text}`);
  const [, name = "", type = "", typescript, inner, array, outer] = match;
  return {
    name,
    type: array === undefined ? type : `_${type}`,
    typescript,
    nullable: outer === "?" || (array === undefined && inner === "?"),
    nullableElements: array !== undefined && inner === "?",
    ensured: outer === "!",
  };
}

/** Puts the places of the parameters for their names. A `$` before a letter is nothing else in our SQL. */
function numbered(query: string, statement: string, params: readonly Field[]): string {
  const unused = new Set(params.map((param) => param.name));
  const text = statement.replace(/\$([a-z_]\w*)/g, (_, name: string) => {
    const place = params.findIndex((param) => param.name === name) + 1;
    if (place === 0) throw new Error(`${query} has no parameter ${name}`);
    unused.delete(name);
    return `$${place}`;
  });
  if (unused.size > 0) throw new Error(`${query} doesn't use its parameter ${[...unused].join(", ")}`);
  return text;
}
