// Tasks enqueued per second by one caller: 1,000 at a time, and one by one.

import { spreadOf } from "../../spread.ts";
import type { Figure, Run } from "../figure.ts";
import type { Enqueued } from "../measurements/enqueue.ts";
import { inRounds, ratiosOf } from "../rounds.ts";

const BULK = 20_000;
const SINGLE = 300;

export const enqueue: Figure = {
  name: "enqueue",
  title: "Enqueueing",
  rounds: 3,
  async measure(run) {
    const rounds = await inRounds(
      run,
      run.contenders,
      (contender) => run.processes.measure(contender, "enqueue", optionsOf(run, contender.share)),
      (enqueued) => `${Math.round(rateOf(enqueued.bulk)).toLocaleString("en")} tasks/s in bulk`,
    );
    return {
      name: this.name,
      title: this.title,
      rounds: run.rounds,
      about:
        "One caller that waits for each call: lots of 1,000 by the bulk call that each has, then one task by one. For " +
        "Headworks a task is planned: its row of the ledger, its task, its edges. The bare loop is one `insert … select unnest`.",
      columns: [
        { key: "contender", title: "contender" },
        { key: "bulk", title: "bulk: tasks/s" },
        { key: "ratio", title: "Headworks ÷ it", digits: 2 },
        { key: "nodeCpu", title: "CPU ms per 1,000: Node", digits: 1 },
        { key: "serverCpu", title: "server", digits: 1 },
        { key: "single", title: "one by one: tasks/s" },
      ],
      rows: run.contenders.map(({ name }) => {
        const measured = rounds.get(name) ?? [];
        return {
          contender: name,
          bulk: spreadOf(measured.map(({ bulk }) => rateOf(bulk))),
          ratio: ratiosOf(rounds, "headworks", name, ({ bulk }) => rateOf(bulk)),
          nodeCpu: spreadOf(measured.map(({ bulk }) => (1e6 * bulk.nodeCpu) / bulk.tasks)),
          serverCpu: spreadOf(measured.map(({ bulk }) => (1e6 * bulk.serverCpu) / bulk.tasks)),
          single: spreadOf(measured.map(({ single }) => rateOf(single))),
        };
      }),
    };
  },
};

function optionsOf({ scale }: Run, share = 1) {
  return { bulk: Math.round(BULK * scale * share), single: Math.round(SINGLE * scale * share) };
}

function rateOf({ tasks, seconds }: Enqueued["bulk"]): number {
  return tasks / seconds;
}
