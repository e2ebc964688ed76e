// A TCP proxy before PostgreSQL that misbehaves as networks do: it cuts, delays, falls silent, and loses an answer at the worst moment.

import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";

export interface Proxy extends AsyncDisposable {
  /** The database's address, by way of the proxy. */
  url: string;
  /** Breaks every connection and takes no new ones. */
  cut(): void;
  /** Breaks every connection; new ones are taken. */
  breakAll(): void;
  /** Everything comes so much later from now on, in both directions; new connections too. */
  delay(milliseconds: number): void;
  /** Connections stay open and nothing comes through any more, as behind a router that has forgotten them. New ones too, if `all`. */
  fallSilent(all?: boolean): void;
  /** Takes connections again, and passes all on at once. What has fallen silent stays so. */
  fix(): void;
  /** Loses the answer to the next statement whose message holds this text, with its connection; resolves when that has happened. */
  loseAnswerTo(text: string): Promise<void>;
}

interface Passage {
  client: Socket;
  upstream: Socket;
  isSilent: boolean;
  losing: (() => void) | undefined;
}

/** Writes in the order in which it was given, each chunk when it is due. */
class Direction {
  readonly #passage: Passage;
  readonly #to: Socket;
  #held: { chunk: Buffer; dueAt: number }[] = [];

  constructor(passage: Passage, to: Socket) {
    this.#passage = passage;
    this.#to = to;
  }

  pass(chunk: Buffer, delayMs: number): void {
    this.#held.push({ chunk, dueAt: performance.now() + delayMs });
    if (delayMs === 0) this.#flush();
    else setTimeout(() => this.#flush(), delayMs + 1);
  }

  #flush(): void {
    const now = performance.now();
    while (this.#held[0] !== undefined && this.#held[0].dueAt <= now) {
      const { chunk } = this.#held.shift() ?? {};
      if (chunk !== undefined && !this.#passage.isSilent && !this.#to.destroyed) this.#to.write(chunk);
    }
  }
}

export async function openProxy(databaseUrl: string): Promise<Proxy> {
  const target = new URL(databaseUrl);
  const passages = new Set<Passage>();
  let mode: "passes" | "cut" | "silent" = "passes";
  let delayMs = 0;
  let trap: { text: string; sprung: () => void } | undefined;

  const server = createServer((client) => {
    if (mode === "cut") return client.destroy();
    const upstream = connect(Number(target.port), target.hostname);
    const passage: Passage = { client, upstream, isSilent: mode === "silent", losing: undefined };
    passages.add(passage);
    const up = new Direction(passage, upstream);
    const down = new Direction(passage, client);
    client.on("data", (chunk) => {
      if (trap !== undefined && chunk.includes(trap.text)) {
        passage.losing = trap.sprung;
        trap = undefined;
      }
      up.pass(chunk, delayMs);
    });
    upstream.on("data", (chunk) => {
      if (passage.losing === undefined) return down.pass(chunk, delayMs);
      passage.losing();
      breakOne(passage);
    });
    for (const socket of [client, upstream]) {
      // A cut connection may fail in any way; that is what it is for.
      socket.on("error", () => undefined);
      // Where a passage is silent, neither side hears that the other has gone.
      socket.on("close", () => {
        if (passage.isSilent) return;
        passages.delete(passage);
        breakOne(passage);
      });
    }
  });

  function breakAll(): void {
    for (const passage of passages) breakOne(passage);
  }

  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const proxied = new URL(databaseUrl);
  proxied.hostname = "127.0.0.1";
  proxied.port = String((server.address() as AddressInfo).port);
  return {
    url: proxied.href,
    breakAll,
    cut() {
      mode = "cut";
      breakAll();
    },
    delay(milliseconds) {
      delayMs = milliseconds;
    },
    fallSilent(all = false) {
      if (all) mode = "silent";
      for (const passage of passages) passage.isSilent = true;
    },
    fix() {
      mode = "passes";
      delayMs = 0;
    },
    loseAnswerTo: (text) =>
      new Promise((sprung) => {
        trap = { text, sprung };
      }),
    async [Symbol.asyncDispose]() {
      breakAll();
      server.close();
      await once(server, "close");
    },
  };
}

function breakOne({ client, upstream }: Passage): void {
  client.destroy();
  upstream.destroy();
}
