// A PostgreSQL that a test may break: of its own, with the settings that users get, its data in a folder of its own.

import { rm } from "node:fs/promises";
import { setTimeout as delay } from "node:timers/promises";
import { findPostmaster } from "../../store/embedded/postmaster.ts";
import { type EmbeddedServer, joinEmbeddedServer } from "../../store/embedded/server.ts";
import { makeServerFolder } from "../folder.ts";

const LOOK_EVERY_MS = 10;

export interface OwnServer extends AsyncDisposable {
  url: string;
  /** Ends it as `pg_ctl stop -m immediate` does: no backend finishes, nothing is written down. Resolves when it is gone. */
  stopAtOnce(): Promise<void>;
  /** Starts it again on the same port; it recovers from its log. */
  startAgain(): Promise<void>;
}

/** Starts one. `dataDir`: somebody else's folder, which is then left alone. */
export async function startOwnServer(dataDir?: string): Promise<OwnServer> {
  const folder = dataDir ?? (await makeServerFolder());
  let server: EmbeddedServer = await joinEmbeddedServer({ dataDir: folder });
  const postmaster = () => findPostmaster(`${server.dataDir}/cluster`);
  return {
    url: server.url,
    async stopAtOnce() {
      const running = await postmaster();
      if (running === undefined) return;
      process.kill(running.pid, "SIGQUIT");
      while ((await postmaster()) !== undefined) await delay(LOOK_EVERY_MS);
    },
    async startAgain() {
      const before = server;
      server = await joinEmbeddedServer({ dataDir: folder });
      await before.leave();
    },
    async [Symbol.asyncDispose]() {
      await server.leave();
      if (dataDir === undefined) await rm(folder, { recursive: true, force: true });
    },
  };
}
