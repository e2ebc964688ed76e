// A line of run details: a label, and what there is to say under it.

const LABEL_WIDTH = 10;

/** An empty label goes on under the one before. */
export function field(label: string, text: string): string {
  return `  ${label.padEnd(LABEL_WIDTH)} ${text}`;
}
