// What a contender has to be able to do, so that every figure measures all of them in the same way.

/** Where a contender works: a database of its own on the server that all share. */
export interface Place {
  databaseUrl: string;
  /** The Redis of this run; undefined where there is none. */
  redisPort: number | undefined;
  /** The process whose CPU time, with that of its children, counts as the server's. */
  serverPid: number | undefined;
}

/** What a contender may be asked beyond its best settings. */
export interface Settings {
  /** A token bucket that is never empty and a concurrency that is never reached: the cost of a limit, not its effect. */
  limited?: boolean;
  /** Dispatches per second that really limit. */
  rate?: number;
}

export interface Contender {
  name: string;
  /** Its package and version, or what it is. */
  version: string;
  /** The settings that matter, as its documentation names them. */
  settings: string;
  /** What it leaves behind of a task that succeeded. */
  keeps: string;
  needsRedis?: boolean;
  /** Share of the tasks that it is given, where it is so slow that the round would take too long. Default 1. */
  share?: number;
  /** Makes its tables and connects. */
  open(place: Place, settings: Settings): Promise<Session>;
}

/** A contender on its tables, with nothing at work yet. */
export interface Session {
  /** Enqueues so many no-op tasks, 1,000 at a time, by the bulk call that its documentation names. */
  enqueue(count: number): Promise<void>;
  /** Enqueues one; resolves once it is committed. */
  enqueueOne(): Promise<void>;
  /** Begins to work; `onStart` is called as the handler of each task begins. Resolves once it is ready for tasks. */
  work(onStart: () => void): Promise<Working>;
  /** Whether nothing is left that isn't settled. */
  isSettled(): Promise<boolean>;
  /** Makes a big store by set-based SQL; undefined where that isn't known. */
  pile?(store: { pending: number; settled: number }): Promise<void>;
  close(): Promise<void>;
}

export interface Working {
  stop(): Promise<void>;
}

/** Tasks enqueued by one call. */
const BULK = 1_000;

/** Calls `enqueue` for lots of at most {@link BULK}. */
export async function inLots(count: number, enqueue: (size: number) => Promise<unknown>): Promise<void> {
  for (let left = count; left > 0; left -= BULK) await enqueue(Math.min(BULK, left));
}
