// What a contender has to be able to do, so that every figure measures all of them in the same way.

/** Where a contender works: a database of its own on the server that all share. */
export interface Place {
  /** For files; gone with the servers. */
  folder: string;
  databaseUrl: string;
  /** The Redis of this run; undefined where there is none. */
  redisPort: number | undefined;
  /** Its database there. */
  redisDatabase: number;
  /** The process whose CPU time, with that of its children, counts as the server's. */
  serverPid: number | undefined;
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
  /** Its big store takes minutes to make: only `--large`, and who asks for it by name, has that. */
  pilesSlowly?: boolean;
  /** Makes its tables and connects. */
  open(place: Place): Promise<Session>;
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
  /** Makes a big store at once. */
  pile?(store: Store): Promise<void>;
  /** Makes all that is pending due tomorrow. */
  postpone?(): Promise<void>;
  /** Claims so many tasks and gives them back; milliseconds of the claim alone. */
  claim?(tasks: number): Promise<number>;
  close(): Promise<void>;
}

export interface Working {
  stop(): Promise<void>;
}

/** How many tasks wait, and how many have settled and left what the contender keeps of them. */
export interface Store {
  pending: number;
  settled: number;
}

/** Tasks enqueued by one call. */
const BULK = 1_000;

/** Calls `enqueue` for lots of at most {@link BULK}. */
export async function inLots(count: number, enqueue: (size: number) => Promise<unknown>): Promise<void> {
  for (let left = count; left > 0; left -= BULK) await enqueue(Math.min(BULK, left));
}
