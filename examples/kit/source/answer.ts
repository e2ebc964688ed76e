// What the source answers, before it becomes bytes: so that faults can change it on its way.

export interface JsonAnswer {
  readonly kind: "json";
  readonly status: number;
  readonly value: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A body of any form, as given. */
export interface RawAnswer {
  readonly kind: "raw";
  readonly status: number;
  readonly contentType: string;
  readonly text: string;
}

/** No answer at all: the connection stays open until the client or the server closes it. */
interface Silence {
  readonly kind: "silence";
}

export type Answer = JsonAnswer | RawAnswer | Silence;

/** A successful answer. */
export function ok(value: unknown): JsonAnswer {
  return { kind: "json", status: 200, value };
}

/** An error as this source words them: `{ error: { code, message } }`. */
export function refusal(
  status: number,
  code: string,
  message: string,
  headers: Readonly<Record<string, string>> = {},
): JsonAnswer {
  return { kind: "json", status, value: { error: { code, message } }, headers };
}

/** The content type and the text of an answer. */
export function bodyOf(answer: JsonAnswer | RawAnswer): { contentType: string; text: string } {
  if (answer.kind === "raw") return answer;
  return { contentType: "application/json; charset=utf-8", text: JSON.stringify(answer.value) };
}
