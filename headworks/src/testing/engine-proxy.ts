// A proxy before PostgreSQL that cuts a connection at the worst moment: after the server has answered, before anybody hears it.

import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";

export interface CuttingProxy extends AsyncDisposable {
  /** The database's address, by way of the proxy. */
  url: string;
  /** Loses the answer to the next statement whose message holds this text, with its connection; resolves when that has happened. */
  loseAnswerTo(text: string): Promise<void>;
}

export async function openCuttingProxy(databaseUrl: string): Promise<CuttingProxy> {
  const { hostname, port } = new URL(databaseUrl);
  const sockets = new Set<Socket>();
  let trap: { text: string; sprung: () => void } | undefined;

  const server = createServer((client) => {
    const upstream = connect(Number(port), hostname);
    let losing: (() => void) | undefined;
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      // A cut connection may fail in any way; that is what it is for.
      socket.on("error", () => undefined);
    }
    client.on("data", (chunk) => {
      if (trap !== undefined && chunk.includes(trap.text)) {
        losing = trap.sprung;
        trap = undefined;
      }
      upstream.write(chunk);
    });
    upstream.on("data", (chunk) => {
      if (losing === undefined) {
        client.write(chunk);
        return;
      }
      losing();
      client.destroy();
      upstream.destroy();
    });
    client.on("close", () => upstream.destroy());
    upstream.on("close", () => client.destroy());
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const proxied = new URL(databaseUrl);
  proxied.hostname = "127.0.0.1";
  proxied.port = String((server.address() as AddressInfo).port);

  return {
    url: proxied.href,
    loseAnswerTo: (text) =>
      new Promise((sprung) => {
        trap = { text, sprung };
      }),
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, "close");
    },
  };
}
