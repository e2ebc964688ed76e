// Puts a database some milliseconds away: a proxy that holds back what it passes on, as the network between machines does.

import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";

/** A longer way to the same server. */
export interface Distance extends AsyncDisposable {
  url: string;
}

/** A proxy on loopback that passes everything on `milliseconds` late on the way there, and at once on the way back. */
export async function openDistance(url: string, milliseconds: number): Promise<Distance> {
  const { hostname, port } = new URL(url);
  const open = new Set<Socket>();
  const proxy = createServer((near) => {
    const far = connect({ host: hostname, port: Number(port), noDelay: true });
    near.setNoDelay(true);
    near.on("data", (chunk) => setTimeout(() => far.write(chunk), milliseconds));
    far.pipe(near);
    for (const [socket, other] of [
      [near, far],
      [far, near],
    ] as const) {
      open.add(socket);
      socket.on("error", () => other.destroy());
      socket.on("close", () => {
        open.delete(socket);
        other.destroy();
      });
    }
  });
  proxy.listen(0, "127.0.0.1");
  await once(proxy, "listening");
  const distant = new URL(url);
  distant.hostname = "127.0.0.1";
  distant.port = String((proxy.address() as AddressInfo).port);
  return {
    url: distant.href,
    async [Symbol.asyncDispose]() {
      for (const socket of open) socket.destroy();
      proxy.close();
      await once(proxy, "close");
    },
  };
}
