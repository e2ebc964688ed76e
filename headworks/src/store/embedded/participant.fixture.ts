// A process that joins an embedded server as its first argument says, reports how that went, and leaves when told to.

import { HeadworksError } from "../../domain/error.ts";
import { joinEmbeddedServer } from "./server.ts";

const notices: string[] = [];
const say = (what: object) => process.stdout.write(`${JSON.stringify(what)}\n`);

try {
  const options = JSON.parse(process.argv[2] ?? "");
  const server = await joinEmbeddedServer({ ...options, onNotice: (text) => notices.push(text) });
  say({ url: server.url, dataDir: server.dataDir, adopted: server.adopted, notices });
  for await (const _told of process.stdin) break;
  await server.leave();
  say({ left: true });
} catch (thrown) {
  if (!(thrown instanceof HeadworksError)) throw thrown;
  say({ code: thrown.code });
}
