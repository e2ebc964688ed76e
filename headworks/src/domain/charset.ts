// Decodes the bytes of a body as browsers do (WHATWG Encoding and HTML standards): by byte order mark, header, declaration.

/** Bytes in which a declaration of the charset is looked for, as in the HTML standard. */
const LOOKED_THROUGH = 1_024;
const UTF_8 = "utf-8";

export interface Decoded {
  text: string;
  charset: string;
  /** Whether all bytes were valid in that charset; others are U+FFFD in the text. */
  valid: boolean;
}

/**
 * The body as text, without a byte order mark. What says its charset, first to last: a byte order mark, the content type, a
 * `<meta>` or XML declaration in its first 1,024 bytes. A page that declares nothing and isn't UTF-8 is windows-1252;
 * anything else is UTF-8.
 */
export function decodeText(body: Uint8Array, contentType: string | undefined): Decoded {
  const declared = charsetOf(body, contentType ?? "");
  if (declared !== undefined) return decode(body, declared);
  const asUtf8 = decode(body, UTF_8);
  return asUtf8.valid || !isMarkup(body, contentType ?? "") ? asUtf8 : decode(body, "windows-1252");
}

function charsetOf(body: Uint8Array, contentType: string): string | undefined {
  return (
    charsetOfMark(body) ??
    known(/charset\s*=\s*"?'?([^\s;"']+)/i.exec(contentType)?.[1]) ??
    (isMarkup(body, contentType) ? known(declaredIn(body)) : undefined)
  );
}

function charsetOfMark([first, second, third]: Uint8Array): string | undefined {
  if (first === 0xef && second === 0xbb && third === 0xbf) return UTF_8;
  if (first === 0xff && second === 0xfe) return "utf-16le";
  return first === 0xfe && second === 0xff ? "utf-16be" : undefined;
}

/** An unknown charset says nothing, as in browsers. */
function known(label: string | undefined): string | undefined {
  if (label === undefined) return undefined;
  try {
    return new TextDecoder(label).encoding;
  } catch {
    return undefined;
  }
}

function isMarkup(body: Uint8Array, contentType: string): boolean {
  return /\b(html|xml)\b/i.test(contentType) || (contentType === "" && /^\s*</.test(beginningOf(body)));
}

function declaredIn(body: Uint8Array): string | undefined {
  const beginning = beginningOf(body).replace(/<!--[\s\S]*?-->/g, "");
  const declared =
    /^\s*<\?xml\s[^>]*?encoding\s*=\s*["']([^"']+)/i.exec(beginning) ??
    /<meta\s[^>]*?charset\s*=\s*["']?([^\s"'/>;]+)/i.exec(beginning);
  // A declaration that could be read as ASCII is no UTF-16, whatever it says.
  return declared?.[1]?.replace(/^utf-16.*$/i, UTF_8);
}

function beginningOf(body: Uint8Array): string {
  return new TextDecoder("latin1").decode(body.subarray(0, LOOKED_THROUGH));
}

function decode(body: Uint8Array, charset: string): Decoded {
  try {
    return { text: new TextDecoder(charset, { fatal: true }).decode(body), charset, valid: true };
  } catch {
    return { text: new TextDecoder(charset).decode(body), charset, valid: false };
  }
}
