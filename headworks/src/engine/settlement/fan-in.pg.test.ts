// Tests of the release when many last finishers of one fan-in settle at the same instant, from many connections.

import { afterAll, expect, test } from "vitest";
import { dynamic } from "../../define/partition-sets.ts";
import { processor } from "../../define/processor.ts";
import { openDatabase } from "../../store/database.ts";
import type { ClaimedTask } from "../../store/queue/tasks.queries.ts";
import { openWorld, pipelineOf, type World } from "../../testing/engine.ts";
import { enlist, returned, settleRuns } from "../../testing/engine-claims.ts";
import { readNumber } from "../../testing/engine-ledger.ts";
import { sweepUnreleased } from "../duties/sweeper.ts";

const UPSTREAMS = 100;
/** It takes a quarter of a minute on two idle cores; a busy machine may take its time. */
const PATIENCE_MS = 240_000;
const sets = { fans: dynamic("fans"), members: dynamic("members") };
const finder = processor("finder", {
  phase: "all",
  discovers: [sets.fans, sets.members],
  run: () => undefined,
});
const member = processor("member", { phase: "all", partitions: sets.members, run: () => undefined });
const fan = processor("fan", { phase: "all", partitions: sets.fans, run: () => undefined });

/** So many outputs of `fan`, each with edges to a hundred outputs of `member` that are claimed by one worker. */
async function openFans(
  world: World,
  worker: string,
  fans: number,
  mode = "required",
): Promise<ClaimedTask[][]> {
  const { database } = world.db;
  await database.query(
    `insert into headworks.outputs (namespace, processor, partition, opens_at)
     select 'prod', 'fan', 'f' || f, now() from generate_series(1, $1) f`,
    [fans],
  );
  await database.query(
    `insert into headworks.outputs (namespace, processor, partition, opens_at)
     select 'prod', 'member', 'f' || f || '/' || m, now() from generate_series(1, $1) f, generate_series(1, $2) m
     order by random()`,
    [fans, UPSTREAMS],
  );
  await database.query(
    `insert into headworks.edges (downstream_id, need, upstream_id, mode, accepts_degraded, any_of)
     select f.id, 0, m.id, $1, false, false from headworks.outputs m
     join headworks.outputs f on f.processor = 'fan' and f.partition = split_part(m.partition, '/', 1)
     where m.processor = 'member'`,
    [mode],
  );
  await database.query(
    `insert into headworks.tasks (output_id, namespace, processor, partition, queue, priority, state, attempt, worker_id, run_id, claimed_at)
     select id, namespace, processor, partition, 'default', 0, 'running', 1, $1, gen_random_uuid(), now()
     from headworks.outputs where processor = 'member'`,
    [worker],
  );
  await database.query("analyze headworks.outputs, headworks.edges, headworks.tasks");
  const tasks = await database.query<ClaimedTask>(
    "select * from headworks.tasks where processor = 'member' order by partition",
  );
  const byFan = Map.groupBy(tasks.rows, (task) => task.partition.split("/")[0] ?? "");
  return [...byFan.values()];
}

async function releasesOf(world: World): Promise<{ released: number; twice: number }> {
  const { database } = world.db;
  return {
    released: await readNumber(database, "select count(*) from headworks.tasks where processor = 'fan'"),
    twice: await readNumber(
      database,
      "select count(*) from (select from headworks.tasks where processor = 'fan' group by output_id having count(*) > 1) t",
    ),
  };
}

/** Deals the items to so many hands, in turn. */
function dealt<T>(items: readonly T[], hands: number): T[][] {
  return Array.from({ length: hands }, (_, hand) => items.filter((_item, index) => index % hands === hand));
}

const CONNECTIONS = 10;
const pools: ReturnType<typeof openDatabase>[] = [];
afterAll(() => Promise.all(pools.map((pool) => pool.end())));

function poolsOn(url: string) {
  const opened = Array.from({ length: CONNECTIONS }, () =>
    openDatabase({ url, role: "settler", maxConnections: 10 }),
  );
  pools.push(...opened);
  return opened;
}

test(
  "a hundred last finishers of a fan-in at once release it exactly once, a thousand times over",
  async () => {
    await using world = await openWorld([pipelineOf(finder, member, fan)]);
    const worker = await enlist(world);
    const settlers = poolsOn(world.db.url);
    const fans = await openFans(world, worker, 1_000);

    // Ten fan-ins at a time, and ten settlers of a hundred runs each: every one of them hits all ten fan-ins.
    let released = 0;
    for (let from = 0; from < fans.length; from += CONNECTIONS) {
      const finishing = fans
        .slice(from, from + CONNECTIONS)
        .flatMap((tasks) => dealt(tasks, CONNECTIONS).flat());
      const groups = dealt(finishing, CONNECTIONS);
      const settled = await Promise.all(
        groups.map((tasks, index) =>
          settleRuns(
            world,
            worker,
            tasks.map((task) => returned(world, task)),
            settlers[index],
          ),
        ),
      );
      released += settled.reduce((sum, group) => sum + group.released, 0);
    }

    expect(released).toBe(1_000);
    expect(await releasesOf(world)).toEqual({ released: 1_000, twice: 0 });
    expect(await sweepUnreleased(world.db.database, "prod")).toBe(0);
  },
  PATIENCE_MS,
);

test(
  "they do so too when each of the hundred settles by itself",
  async () => {
    await using world = await openWorld([pipelineOf(finder, member, fan)]);
    const worker = await enlist(world);
    const settlers = poolsOn(world.db.url);
    const fans = await openFans(world, worker, 20);

    let released = 0;
    for (const tasks of fans) {
      const settled = await Promise.all(
        tasks.map((task, index) =>
          settleRuns(world, worker, [returned(world, task)], settlers[index % CONNECTIONS]),
        ),
      );
      released += settled.reduce((sum, group) => sum + group.released, 0);
    }

    expect(released).toBe(20);
    expect(await releasesOf(world)).toEqual({ released: 20, twice: 0 });
    expect(await sweepUnreleased(world.db.database, "prod")).toBe(0);
  },
  PATIENCE_MS,
);
