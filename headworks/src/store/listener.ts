// The one dedicated connection that listens for hints of ready work. A hint that gets lost costs a poll's wait, nothing else.
// Nothing is sent over it for long, so that it asks now and then whether the other side is there.

import pg from "pg";

const RECONNECT_FIRST_MS = 200;
const RECONNECT_LAST_MS = 10_000;
const PING_EVERY_MS = 15_000;
const ANSWER_WITHIN_MS = 5_000;

/** Calls `onHint` for every hint, reconnecting with jittered backoff for as long as it isn't stopped. */
export class ReadyListener {
  readonly #url: string;
  readonly #onHint: () => void;
  #client: pg.Client | undefined;
  readonly #pingEveryMs: number;
  readonly #answerWithinMs: number;
  #timer: NodeJS.Timeout | undefined;
  #retryMs = RECONNECT_FIRST_MS;
  #stopped = false;

  constructor(
    url: string,
    onHint: () => void,
    { pingEveryMs = PING_EVERY_MS, answerWithinMs = ANSWER_WITHIN_MS } = {},
  ) {
    this.#url = url;
    this.#onHint = onHint;
    this.#pingEveryMs = pingEveryMs;
    this.#answerWithinMs = answerWithinMs;
  }

  /** Begins to listen; without a connection yet, it is tried again in the background. */
  async start(): Promise<void> {
    const client = new pg.Client({
      connectionString: this.#url,
      application_name: "headworks listener",
      keepAlive: true,
      connectionTimeoutMillis: 10_000,
      query_timeout: this.#answerWithinMs,
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
      this.#pingLater(client);
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

  /** A connection of which the network has lost sight looks like one on which nothing happens. */
  #pingLater(client: pg.Client): void {
    if (this.#stopped || this.#client !== client) return;
    this.#timer = setTimeout(() => {
      client.query("select").then(
        () => this.#pingLater(client),
        () => this.#lost(client),
      );
    }, this.#pingEveryMs);
  }

  #lost(client: pg.Client): void {
    if (this.#stopped || this.#client !== client) return;
    this.#client = undefined;
    clearTimeout(this.#timer);
    client.end().catch(() => undefined);
    this.#timer = setTimeout(() => void this.start(), this.#retryMs * (0.5 + Math.random() / 2));
    this.#retryMs = Math.min(this.#retryMs * 2, RECONNECT_LAST_MS);
  }
}
