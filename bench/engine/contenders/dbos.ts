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
  share: 0.2,
  pilesSlowly: true,
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
    async pile({ pending, settled }) {
      await client.enqueue(WORKFLOW);
      const columns =
        "name, authenticated_roles, created_at, queue_name, inputs, serialization, application_name";
      const like = `select ${columns} from (select * from dbos.workflow_status limit 1) as workflow`;
      await pool.query(
        `insert into dbos.workflow_status (workflow_uuid, status, started_at_epoch_ms, completed_at, ${columns})
         select uuidv7(), 'SUCCESS', created_at, created_at, workflow.*
         from (${like}) as workflow, generate_series(1, $1::int4)`,
        [settled],
      );
      await pool.query(
        `insert into dbos.workflow_status (workflow_uuid, status, ${columns})
         select uuidv7(), 'ENQUEUED', workflow.* from (${like}) as workflow, generate_series(2, $1::int4)`,
        [pending],
      );
      await pool.query(
        `insert into dbos.workflow_input (workflow_uuid, inputs)
         select workflow_uuid, (select inputs from dbos.workflow_input limit 1) from dbos.workflow_status
         on conflict do nothing`,
      );
      await pool.query("vacuum analyze dbos.workflow_status, dbos.workflow_input");
    },
    async postpone() {
      await pool.query(
        `update dbos.workflow_status set status = 'DELAYED',
           delay_until_epoch_ms = (extract(epoch from now() + interval '1 day') * 1000)::int8
         where status in ('ENQUEUED', 'PENDING')`,
      );
    },
    async close() {
      await client.destroy();
      await pool.end();
    },
  };
}
