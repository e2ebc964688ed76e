// Cuts a stream of text into lines of bounded length, so that memory is bounded whatever a command prints.

/** The longest line that is kept, in characters; of a longer one the beginning is kept, and how much was cut. */
const MAX_LINE_LENGTH = 16_384;

export interface LineSplitter {
  write(text: string): void;
  /** Gives the last line, which had no end of its own. */
  end(): void;
}

/** Calls `onLine` for each line, without its end; empty lines are passed over. */
export function lineSplitter(onLine: (line: string) => void, maxLength = MAX_LINE_LENGTH): LineSplitter {
  let held = "";
  let cut = 0;

  function hold(piece: string): void {
    const room = maxLength - held.length;
    held += piece.slice(0, room);
    cut += Math.max(0, piece.length - room);
  }

  function flush(): void {
    const line = held.endsWith("\r") ? held.slice(0, -1) : held;
    const note = cut === 0 ? "" : `… (${cut} more characters)`;
    held = "";
    cut = 0;
    if (line !== "") onLine(line + note);
  }

  return {
    write(text) {
      const pieces = text.split("\n");
      const last = pieces.pop() ?? "";
      for (const piece of pieces) {
        hold(piece);
        flush();
      }
      hold(last);
    },
    end: flush,
  };
}
