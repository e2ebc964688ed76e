// Reads files when they are first needed, and not again.

/** A function that makes its value at the first call, and then gives the same one. */
export function once<T>(make: () => T): () => T {
  let made: { value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
