// The PostgreSQL that comes with Headworks: one server for every process that works on the same data directory.
//
// The first to join starts it, the last to leave stops it. A process that dies without leaving is forgotten; if it was
// the last, the server goes on, and the next to join finds it. If the server itself dies, joining again starts it,
// at the same port if possible, so that those who are still there can reconnect.

import { existsSync } from "node:fs";
import { messageOf } from "../../domain/error.ts";
import { prepareBinaries } from "./binaries.ts";
import { ensureCluster } from "./cluster.ts";
import { isUsable, serverUrl } from "./connection.ts";
import { explainingFileErrors, programFailure } from "./failures.ts";
import { isRoot } from "./identity.ts";
import { findHome, type Home } from "./location.ts";
import { withLock } from "./lock.ts";
import { readLog, trimLog } from "./log.ts";
import { register, unregister } from "./participants.ts";
import { readPassword } from "./password.ts";
import { findPostmaster, type Postmaster } from "./postmaster.ts";
import { findServer, startServer, stopServer } from "./process.ts";
import { sharedFolder } from "./shared-folder.ts";

/** What `joinEmbeddedServer` needs to know. */
export interface EmbeddedOptions {
  /** Such as `.headworks`. Everything goes into its folder `postgres`. */
  dataDir: string;
  /** Told what takes long, and where the data is when that isn't in `dataDir`. */
  onNotice?: (message: string) => void;
  /** A folder with bin/postgres and bin/initdb. Default: those of the npm package for this system. */
  binaries?: string;
  /** Further settings of PostgreSQL, which replace those of Headworks. Only the process that starts it decides. */
  settings?: Record<string, string>;
  /** Where root keeps what PostgreSQL's user can't reach in `dataDir`. Default: /var/lib/headworks. */
  relocateTo?: string;
}

/** A joined server. */
export interface EmbeddedServer {
  /** `postgres://…`, with the password: never to be logged. */
  url: string;
  /** The folder in use: `<dataDir>/postgres`, or the one it was relocated to. */
  dataDir: string;
  /** True when a server that was already running was joined. */
  adopted: boolean;
  /** Leaves, once; the last one out stops the server. Throws HeadworksError EMBEDDED_STOP_FAILED. */
  leave(): Promise<void>;
}

const trimEveryMs = 60_000;

/**
 * Joins the server of a data directory, and starts it if it doesn't run. Each join is to be left once.
 * Throws HeadworksError: DATA_DIR_UNWRITABLE, DISK_FULL, and those whose code begins with EMBEDDED.
 */
export async function joinEmbeddedServer(options: EmbeddedOptions): Promise<EmbeddedServer> {
  return explainingFileErrors(options.dataDir, async () => {
    const home = await findHome(options.dataDir, options.relocateTo);
    return withLock(home.lock, () => joinAlone(home, options));
  });
}

async function joinAlone(home: Home, options: EmbeddedOptions): Promise<EmbeddedServer> {
  const notice = options.onNotice ?? (() => undefined);
  await trimLog(home.log);
  const running = await findServer(home.cluster);
  const adoptedUrl = running && (await usableUrl(home, running));
  const url = adoptedUrl ?? (await start(home, options, notice));
  const ticket = await register(home.participants);
  const trimming = setInterval(() => {
    trimLog(home.log).catch((thrown) =>
      notice(`PostgreSQL's log could not be shortened: ${messageOf(thrown)}`),
    );
  }, trimEveryMs).unref();

  let left: Promise<void> | undefined;
  const leave = () => {
    clearInterval(trimming);
    left ??= explainingFileErrors(options.dataDir, () => leaveHome(home, ticket));
    return left;
  };
  return { url, dataDir: home.folder, adopted: adoptedUrl !== undefined, leave };
}

/** A server that we started and can't use is nobody's: it must not be left behind. */
async function start(home: Home, options: EmbeddedOptions, notice: (text: string) => void): Promise<string> {
  if (home.notice !== undefined) notice(home.notice);
  const binaries = await prepareBinaries({
    folder: options.binaries,
    identity: home.identity,
    copiesIn: async () => (isRoot() ? sharedFolder(options.relocateTo) : home.folder),
    notice,
  });
  await ensureCluster(home, binaries, notice);
  const started = await startServer(home, binaries, options.settings);
  try {
    const url = await usableUrl(home, started);
    if (url !== undefined) return url;
    throw programFailure("EMBEDDED_START_FAILED", "PostgreSQL ended at once", await readLog(home.log));
  } catch (thrown) {
    await stopServer(home.cluster);
    throw thrown;
  }
}

/** Undefined when the server ends before it has answered. */
async function usableUrl(home: Home, server: Postmaster): Promise<string | undefined> {
  const password = await readPassword(home.folder);
  const stillRuns = async () => (await findPostmaster(home.cluster))?.pid === server.pid;
  return (await isUsable(server.port, password, stillRuns)) ? serverUrl(server.port, password) : undefined;
}

/** If the whole folder was removed, the server notices within a minute and ends by itself. */
async function leaveHome(home: Home, ticket: string): Promise<void> {
  if (!existsSync(home.folder)) return;
  await withLock(home.lock, async () => {
    if ((await unregister(home.participants, ticket)) === 0) await stopServer(home.cluster);
  });
}
