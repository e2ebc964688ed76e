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
    client.once("error", () => this.#reconnectLater());
    client.once("end", () => this.#reconnectLater());
    try {
      await client.connect();
      await client.query("listen headworks_ready");
      this.#retryMs = RECONNECT_FIRST_MS;
    } catch {
      // The polls go on meanwhile, and it is they that report a database that is down.
      this.#reconnectLater();
    }
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    await this.#client?.end();
  }

  #reconnectLater(): void {
    if (this.#stopped) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.start(), this.#retryMs * (0.5 + Math.random() / 2));
    this.#retryMs = Math.min(this.#retryMs * 2, RECONNECT_LAST_MS);
  }
}
