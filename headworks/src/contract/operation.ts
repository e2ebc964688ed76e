// One question or action, declared once: the command's `--json`, the HTTP route and the dashboard are made from it.

import type { z } from "zod";

/** Who may ask. Each may do what the one before it may. */
export type Role = "viewer" | "operator" | "admin";

/** `GET` asks a question; all others change something and leave an audit row. */
export type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

export interface Declaration<Input extends z.ZodType, Output extends z.ZodType> {
  /** The noun in the plural, and the verb: `queues.pause`. It is the action of the audit row too. */
  name: string;
  /** One sentence, as a reader of the reference needs it. */
  summary: string;
  method: Method;
  /** Below the server's root; what is in braces comes from the input: `/v1/queues/{name}/pause`. */
  path: string;
  role: Role;
  /** Whether it makes tasks, so that a repeated request must be told from a new one. */
  createsWork: boolean;
  input: Input;
  output: Output;
}

export type Operation = Declaration<z.ZodType, z.ZodType>;

/** What whoever asks gives: bounds are checked, and what may be left out has its default after that. */
export type InputOf<O extends Operation> = z.output<O["input"]>;
/** What comes back. Instants are ISO 8601; durations carry their unit in their name. */
export type OutputOf<O extends Operation> = z.output<O["output"]>;

/** A question: it reads, and every viewer may ask it. */
export function question<Input extends z.ZodType, Output extends z.ZodType>(
  declared: Pick<Declaration<Input, Output>, "name" | "summary" | "path" | "input" | "output">,
): Declaration<Input, Output> {
  return { method: "GET", role: "viewer", createsWork: false, ...declared };
}

/** An action: it changes something, and every operator may ask for it unless the role says otherwise. */
export function action<Input extends z.ZodType, Output extends z.ZodType>(
  declared: Omit<Declaration<Input, Output>, "method" | "role" | "createsWork"> &
    Partial<Pick<Declaration<Input, Output>, "method" | "role" | "createsWork">>,
): Declaration<Input, Output> {
  return { method: "POST", role: "operator", createsWork: false, ...declared };
}
