// Writes an amount with its noun: "1 task", "1,200 tasks".

/** The amount with thousands separated, and the noun in the number that it takes. `many` is for nouns without an s. */
export function plural(amount: number, one: string, many = `${one}s`): string {
  return `${amount.toLocaleString("en")} ${amount === 1 ? one : many}`;
}
