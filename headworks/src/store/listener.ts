// The one dedicated connection that listens for hints of ready work. A hint that gets lost costs a poll's wait, nothing else.

import pg from "pg";

const RECONNECT_FIRST_MS = 200;
const RECONNECT_LAST_MS = 10_000;

/** Calls `onHint` for every hint, reconnecting with jittered backoff for as long as it isn't stopped. */
export class ReadyListener {
  readonly #url: string;
  readonly #onHint: () => void;
  #client: pg.Client | undefined;
  #timer: NodeJS.Timeout | undefined;
  #retryMs = RECONNECT_FIRST_MS;
  #stopped = false;

  constructor(url: string, onHint: () => void) {
    this.#url = url;
    this.#onHint = onHint;
  }

  /** Begins to listen; without a connection yet, it is tried again in the background. */
  async start(): Promise<void> {
    const client = new pg.Client({
      connectionString: this.#url,
      application_name: "headworks listener",
      keepAlive: true,
      connectionTimeoutMillis: 10_000,
    });
    this.#client = client;
    client.on("notification", this.#onHint);
    // A connection that is lost may tell so several times, and each must be heard: unheard, it ends the process.
    client.on("error", () => this.#lost(client));
    client.on("end", () => this.#lost(client));
    try {
      await client.connect();
      await client.query("listen headworks_ready");
      this.#retryMs = RECONNECT_FIRST_MS;
      // Hints that were sent meanwhile are gone.
      this.#onHint();
    } catch {
      // The polls go on meanwhile, and it is they that report a database that is down.
      this.#lost(client);
    }
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    const client = this.#client;
    this.#client = undefined;
    await client?.end();
  }

  #lost(client: pg.Client): void {
    if (this.#stopped || this.#client !== client) return;
    this.#client = undefined;
    client.end().catch(() => undefined);
    this.#timer = setTimeout(() => void this.start(), this.#retryMs * (0.5 + Math.random() / 2));
    this.#retryMs = Math.min(this.#retryMs * 2, RECONNECT_LAST_MS);
  }
}
