// DBOS: a queue of durable workflows, each without a step.

import { DBOS, DBOSClient } from "@dbos-inc/dbos-sdk";
import pg from "pg";
import { type Contender, inLots, type Place, type Session } from "../contender.ts";
import { packageVersion } from "../package-version.ts";

const POLL_MS = 20;
const CONCURRENCY = 500;
const APPLICATION = "bench";
const QUEUE = "noop";
const WORKFLOW = { workflowName: "noop", queueName: QUEUE };

export const dbos: Contender = {
  name: "dbos",
  version: packageVersion("@dbos-inc/dbos-sdk"),
  settings: `minPollingIntervalMs ${POLL_MS}, workerConcurrency ${CONCURRENCY}`,
  keeps: "the workflow itself, with input and output",
  share: 0.1,
  open: openDbos,
};

let onStart = () => {};
// A workflow is registered once in a process.
DBOS.registerWorkflow(async () => onStart(), { name: WORKFLOW.workflowName });

async function openDbos({ databaseUrl }: Place): Promise<Session> {
  const version = "bench";
  DBOS.setConfig({
    name: APPLICATION,
    systemDatabaseUrl: databaseUrl,
    applicationVersion: version,
    logLevel: "error",
  });
  // Makes its tables, and leaves.
  await DBOS.launch();
  await DBOS.registerQueue(QUEUE, { workerConcurrency: CONCURRENCY, minPollingIntervalMs: POLL_MS });
  await DBOS.shutdown();
  const client = await DBOSClient.create({ systemDatabaseUrl: databaseUrl, applicationName: APPLICATION });
  const pool = new pg.Pool({ connectionString: databaseUrl, max: 2 });

  /** There is no bulk call: one transaction for all of a lot. */
  async function enqueueLot(size: number): Promise<void> {
    const connection = await pool.connect();
    await connection.query("begin");
    for (let index = 0; index < size; index++) {
      await client.enqueueInTransaction(connection, WORKFLOW);
    }
    await connection.query("commit");
    connection.release();
  }

  return {
    enqueue: (count) => inLots(count, enqueueLot),
    async enqueueOne() {
      await client.enqueue(WORKFLOW);
    },
    async work(started) {
      onStart = started;
      await DBOS.launch();
      return { stop: () => DBOS.shutdown() };
    },
    async isSettled() {
      const open = "select from dbos.workflow_status where status in ('ENQUEUED', 'PENDING') limit 1";
      return (await pool.query(open)).rows.length === 0;
    },
    async close() {
      await client.destroy();
      await pool.end();
    },
  };
}
