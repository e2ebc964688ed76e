// Brings the spellings of a name to one form: accents, case, punctuation, initials, suffixes, order, hints.

/** A spelling taken apart. */
export interface ParsedName {
  /** Lower-case words without accents and punctuation, first name first, without the suffix. */
  readonly words: readonly string[];
  readonly suffix: string | undefined;
  /** What stood in parentheses, as written: a team ("IND") or a year ("2001"). */
  readonly hints: readonly string[];
}

const SUFFIXES = new Map([
  ["jr", "jr"],
  ["junior", "jr"],
  ["sr", "sr"],
  ["senior", "sr"],
  ["ii", "ii"],
  ["iii", "iii"],
  ["iv", "iv"],
  ["v", "v"],
]);

const PARENTHESES = /\(([^()]*)\)?/g;
const APOSTROPHES = /['’‘`´ʼ′]/g;
const NOT_IN_WORDS = /[^\p{L}\p{N}]+/u;

// Letters that have no decomposition into a plain one and a mark.
const PLAIN = new Map(
  Object.entries({ ø: "o", đ: "d", ð: "d", ł: "l", ı: "i", ß: "ss", æ: "ae", œ: "oe", þ: "th" }),
);

/** Takes a spelling apart. "Portis, Bobby" is turned round; "P.J." and "P. J." are both the word "pj". */
export function parseName(name: string): ParsedName {
  const hints = [...name.matchAll(PARENTHESES)].map(([, inner = ""]) => inner.trim()).filter(Boolean);
  const [family = [], ...given] = name.replace(PARENTHESES, " ").split(",").map(wordsOf);
  const { words, suffix } = takeSuffix(joinInitials(inSpokenOrder(family, given.flat())));
  return { words, suffix, hints };
}

/** The one form of a spelling, with its suffix and without its hints: "Dončić, Luka (DAL)" is "luka doncic". */
export function normalizeName(name: string): string {
  return spell(parseName(name));
}

/** The normal form of a parsed name. */
export function spell({ words, suffix }: ParsedName): string {
  return [...words, ...(suffix === undefined ? [] : [suffix])].join(" ");
}

function wordsOf(text: string): string[] {
  return plain(text).split(NOT_IN_WORDS).filter(Boolean);
}

// Apostrophes go first, since one of them decomposes into a space, and last, since some letters hold one.
function plain(text: string): string {
  const bare = withoutMarks(withoutMarks(text.replace(APOSTROPHES, "")).toLowerCase());
  return [...bare.replace(APOSTROPHES, "")].map((letter) => PLAIN.get(letter) ?? letter).join("");
}

function withoutMarks(text: string): string {
  return text.normalize("NFKD").replace(/\p{M}/gu, "");
}

// "a j green" is "aj green", as "A.J. Green" and "AJ Green" ought to be the same.
function joinInitials(words: readonly string[]): string[] {
  const joined: string[] = [];
  let open = false;
  for (const word of words) {
    const single = [...word].length === 1;
    if (single && open) joined.push((joined.pop() ?? "") + word);
    else joined.push(word);
    open = single;
  }
  return joined;
}

// A comma turns the order round, unless what follows it is only a suffix: "Tillman, Sr.".
function inSpokenOrder(family: readonly string[], given: readonly string[]): string[] {
  const last = given.at(-1);
  if (last === undefined || !SUFFIXES.has(last)) return [...given, ...family];
  return [...given.slice(0, -1), ...family, last];
}

// Only after two words or more: "Sr" alone, or behind a single name, may as well be a name.
function takeSuffix(words: readonly string[]): Pick<ParsedName, "words" | "suffix"> {
  const suffix = SUFFIXES.get(words.at(-1) ?? "");
  if (suffix === undefined || words.length < 3) return { words, suffix: undefined };
  return { words: words.slice(0, -1), suffix };
}
