// Writes amounts: "1,200", "1 task", "1,200 tasks".

/** A whole number with thousands separated. */
export function count(amount: number): string {
  return String(amount).replace(/\B(?=(\d{3})+$)/g, ",");
}

/** The amount with thousands separated, and the noun in the number that it takes. `many` is for nouns without an s. */
export function plural(amount: number, one: string, many = `${one}s`): string {
  return `${count(amount)} ${amount === 1 ? one : many}`;
}
