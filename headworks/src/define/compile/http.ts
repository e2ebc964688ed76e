// Checks addresses and headers of requests, so that none is sent otherwise than it is written.

import type { Problems } from "./problems.ts";

/** As RFC 9110 has names and values of headers; beyond Latin-1 no byte stands for a character. */
const HEADER_NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
const HEADER_VALUE = /^[\t\x20-\x7e\x80-\xff]*$/;

/** An address in full, without credentials: these would go nowhere. */
export function checkUrl(text: string, where: string, problems: Problems): void {
  const url = URL.parse(text);
  if (url === null || !/^https?:$/.test(url.protocol)) {
    problems.add(where, "BAD_URL", `"${text}" is not a URL`, "write it in full, with https://");
  } else if (url.username !== "" || url.password !== "") {
    problems.add(
      where,
      "URL_CREDENTIALS",
      "the URL holds a user name or a password",
      "take them out, and send them as a secret: a source has `auth`, an endpoint a header",
    );
  }
}

/** Values aren't quoted: they may be secret. */
export function checkHeaders(
  headers: Readonly<Record<string, string>> | undefined,
  where: string,
  problems: Problems,
): void {
  for (const [name, value] of Object.entries(headers ?? {})) {
    if (!HEADER_NAME.test(name)) {
      problems.add(
        where,
        "BAD_HEADER",
        `${JSON.stringify(name)} can't be the name of a header`,
        "use letters, digits and -",
      );
    } else if (!HEADER_VALUE.test(value)) {
      problems.add(
        `${where}.${name}`,
        "BAD_HEADER",
        "its value has characters that no header can have",
        "use Latin characters without line ends, or encode the value",
      );
    }
  }
}
