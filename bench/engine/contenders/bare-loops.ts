// Loops over connections of their own that claim and complete for as long as there is work, and wait for a hint otherwise.

import pg from "pg";
import type { Working } from "../contender.ts";
import { packageVersion } from "../package-version.ts";

export const driverVersion = `pg ${packageVersion("pg")}`;

const POLL_MS = 1_000;

export interface Loops {
  databaseUrl: string;
  connections: number;
  /** One round: gives the number of tasks that it did. */
  step: (connection: pg.Client) => Promise<number>;
}

/** Starts the loops. They wake at `notify bench_tasks`, and every second. */
export async function workInLoops({ databaseUrl, connections, step }: Loops): Promise<Working> {
  const listener = await connected(databaseUrl);
  const sleepers = new Set<() => void>();
  let stopping = false;
  const wake = () => {
    for (const sleeper of sleepers) sleeper();
    sleepers.clear();
  };
  listener.on("notification", wake);
  await listener.query("listen bench_tasks");
  const poll = setInterval(wake, POLL_MS);

  async function loop(connection: pg.Client): Promise<void> {
    while (!stopping) {
      const hinted = new Promise<void>((resolve) => sleepers.add(resolve));
      if ((await step(connection)) === 0 && !stopping) await hinted;
    }
    await connection.end();
  }
  const clients = await Promise.all(Array.from({ length: connections }, () => connected(databaseUrl)));
  const loops = clients.map(loop);
  return {
    async stop() {
      stopping = true;
      clearInterval(poll);
      wake();
      await Promise.all(loops);
      await listener.end();
    },
  };
}

async function connected(connectionString: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  return client;
}
