// Shows progress: redrawn in place on a terminal, a line now and then elsewhere; messages go above it.

import { painter } from "./output.ts";
import { renderPlain, renderProgress, type Snapshot } from "./progress.ts";

export interface ProgressView {
  show(snapshot: Snapshot): void;
  message(text: string): void;
  /** Leaves the last frame where it is. */
  end(): void;
}

const PLAIN_EVERY_MS = 2_000;
/** A line is written after so long though nothing has changed, to show that it still goes on. */
const SILENT_FOR_MS = 30_000;

/** The view that suits the stream; `none` shows messages only. */
export function openProgressView(stream: NodeJS.WriteStream, kind: "live" | "plain" | "none"): ProgressView {
  if (kind === "live") return liveView(stream);
  const message = (text: string) => void stream.write(`${text}\n`);
  const nothing = () => undefined;
  return kind === "plain" ? plainView(stream, message) : { show: nothing, message, end: nothing };
}

/** Everything of a frame in one write, each line cleared to its end after it was written: nothing flickers. */
function liveView(stream: NodeJS.WriteStream): ProgressView {
  const paint = painter(stream);
  let frame: string[] = [];
  let height = 0;
  const up = () => (height === 0 ? "" : `\u001b[${height}A\r`);
  const body = () => frame.map((line) => `${line}\u001b[K\n`).join("");
  const showCursor = () => void stream.write("\u001b[?25h");
  stream.write("\u001b[?25l");
  process.on("exit", showCursor);
  return {
    show(snapshot) {
      // One column stays free: a full line would wrap on some terminals, and one too high would scroll.
      const room = Math.max(1, (stream.rows || 24) - 1);
      frame = renderProgress(snapshot, (stream.columns || 80) - 1, paint).slice(-room);
      stream.write(`${up()}${body()}\u001b[J`);
      height = frame.length;
    },
    message(text) {
      const lines = text.split("\n").map((line) => `${line}\u001b[K\n`);
      stream.write(`${up()}${lines.join("")}${body()}\u001b[J`);
      height = frame.length;
    },
    end() {
      showCursor();
      process.off("exit", showCursor);
      frame = [];
      height = 0;
    },
  };
}

/** A line every two seconds while something changes; the last state is always told. */
function plainView(stream: NodeJS.WriteStream, message: (text: string) => void): ProgressView {
  let toldAt = 0;
  let told = "";
  let latest: Snapshot | undefined;
  function tell(snapshot: Snapshot): void {
    toldAt = Date.now();
    told = stateOf(snapshot);
    stream.write(`${renderPlain(snapshot)}\n`);
  }
  return {
    message,
    show(snapshot) {
      latest = snapshot;
      const pauseMs = stateOf(snapshot) === told ? SILENT_FOR_MS : PLAIN_EVERY_MS;
      if (Date.now() - toldAt >= pauseMs) tell(snapshot);
    },
    end() {
      if (latest !== undefined && stateOf(latest) !== told) tell(latest);
    },
  };
}

function stateOf(snapshot: Snapshot): string {
  return JSON.stringify(snapshot.phases);
}
