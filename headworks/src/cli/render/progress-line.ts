// One line that tells how far a long command is: rewritten in place on a terminal, every two seconds elsewhere.

const EVERY_MS = { terminal: 200, plain: 2_000 };
/** What is done sooner needs no progress. */
const SILENT_AT_FIRST_MS = 2_000;

export interface ProgressLine {
  /** Called as often as there is news; `text` is asked only when it is shown. */
  show(text: () => string): void;
  /** Takes the line away from a terminal. */
  end(): void;
}

export function openProgressLine(stream: NodeJS.WriteStream, now: () => number = Date.now): ProgressLine {
  let nextAt = now() + SILENT_AT_FIRST_MS;
  let shown = false;
  return {
    show(text) {
      if (now() < nextAt) return;
      nextAt = now() + (stream.isTTY ? EVERY_MS.terminal : EVERY_MS.plain);
      const line = text().slice(0, stream.isTTY ? (stream.columns || 80) - 1 : undefined);
      stream.write(stream.isTTY ? `\r${line}\u001b[K` : `${line}\n`);
      shown = true;
    },
    end() {
      if (shown && stream.isTTY) stream.write("\r\u001b[K");
    },
  };
}
