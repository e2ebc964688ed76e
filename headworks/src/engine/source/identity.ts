// How a client signs in to its source, and how what it signs in with is kept out of every text.

import type { Environment } from "../../define/registry.ts";
import type { Secret, Source } from "../../define/source.ts";
import { HeadworksError } from "../../domain/error.ts";

export interface Identity {
  /** Lower-case names; added to every request to the source's own origin. */
  headers: Readonly<Record<string, string>>;
  /** Replaces the secret in a text, plain or encoded. */
  redact(text: string): string;
}

/** Looks the source's secrets up. Throws SECRET_UNSET. */
export function identityOf(source: Source, environment: Environment): Identity {
  const { auth } = source;
  switch (auth?.kind) {
    case "bearer": {
      const token = valueOfSecret(auth.token, source, environment);
      return { headers: { authorization: `Bearer ${token}` }, redact: redactor([token]) };
    }
    case "header": {
      const value = valueOfSecret(auth.value, source, environment);
      return { headers: { [auth.header.toLowerCase()]: value }, redact: redactor([value]) };
    }
    case "basic": {
      const password = valueOfSecret(auth.password, source, environment);
      const encoded = Buffer.from(`${auth.user}:${password}`).toString("base64");
      return { headers: { authorization: `Basic ${encoded}` }, redact: redactor([password, encoded]) };
    }
    case undefined:
      return { headers: {}, redact: (text) => text };
  }
}

function valueOfSecret(secret: Secret, source: Source, environment: Environment): string {
  // A line end, which files and shells like to add, can't be sent in a header.
  const value = environment[secret.name]?.trim();
  if (value) return value;
  throw new HeadworksError({
    code: "SECRET_UNSET",
    message: `source ${source.name} needs the secret ${secret.name}, which is not set`,
    hint: `set the environment variable ${secret.name}`,
  });
}

function redactor(secrets: readonly string[]): (text: string) => string {
  const forms = new Set(secrets.flatMap((secret) => [secret, encodeURIComponent(secret)]));
  return (text) => [...forms].reduce((clean, form) => clean.replaceAll(form, "[redacted]"), text);
}
