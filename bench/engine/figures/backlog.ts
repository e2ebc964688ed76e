// What a big store costs: throughput, claims and pick-up with many tasks pending and many settled, beside a small store.

import { quantileOf, type Spread, spreadOf } from "../../spread.ts";
import type { Contender } from "../contender.ts";
import type { Cell, Figure, Run } from "../figure.ts";
import type { Backlog } from "../measurements/backlog.ts";
import { orFailure } from "../rounds.ts";

const TASKS = 20_000;
const PICK_UPS = 200;

export const backlog: Figure = {
  name: "backlog",
  title: "With a big store",
  rounds: 3,
  async measure(run) {
    const rows: Record<string, Cell>[] = [];
    for (const contender of run.contenders.filter(({ pilesSlowly }) => run.isPatient || !pilesSlowly)) {
      const measured = await orFailure(run, contender, () => measureBacklog(run, contender));
      if (measured === undefined) continue;
      rows.push(rowOf(contender.name, measured));
      run.progress(`${contender.name}: made in ${measured.madeIn.toFixed(0)} s, measured`);
    }
    const { pending, settled } = run.store;
    return {
      name: this.name,
      title: this.title,
      rounds: run.rounds,
      about:
        `${pending.toLocaleString("en")} tasks pending and ${settled.toLocaleString("en")} settled, of which each keeps what ` +
        "it keeps; in turn with a store that has just what is worked off. The ratios are big ÷ small, turn by turn: tasks/s, " +
        "server CPU per task, and for Headworks a hundred claims of 200 tasks each. For the pick-up all that is pending is due tomorrow.",
      columns: [
        { key: "contender", title: "contender" },
        { key: "rate", title: "tasks/s" },
        { key: "rateRatio", title: "÷ small", digits: 2 },
        { key: "cpuRatio", title: "server CPU ÷ small", digits: 2 },
        { key: "claim", title: "claim ms", digits: 1 },
        { key: "claimRatio", title: "÷ small", digits: 2 },
        { key: "p50", title: "pick-up p50 ms", digits: 1 },
        { key: "p99", title: "p99 ms", digits: 1 },
        { key: "smallP50", title: "small: p50 ms", digits: 1 },
        { key: "smallP99", title: "p99 ms", digits: 1 },
      ],
      rows,
    };
  },
};

async function measureBacklog(run: Run, contender: Contender): Promise<Backlog> {
  await using big = await run.processes.freshPlace(contender);
  await using small = await run.processes.freshPlace(contender);
  return await run.processes.measureIn(big.place, contender, "backlog", {
    smallPlace: small.place,
    store: run.store,
    tasks: Math.round(TASKS * run.scale * (contender.share ?? 1)),
    turns: run.rounds,
    pickUps: Math.round(PICK_UPS * run.scale),
  });
}

function rowOf(contender: string, { big, small }: Backlog): Record<string, Cell> {
  return {
    contender,
    rate: spreadOf(big.works.map(({ tasks, seconds }) => tasks / seconds)),
    // The time that a store takes, big over small, is the rate, small over big.
    rateRatio: ratios(small.works, big.works, ({ seconds }) => seconds),
    cpuRatio: ratios(big.works, small.works, ({ serverCpu }) => serverCpu),
    claim: big.claims.length === 0 ? null : spreadOf(big.claims),
    claimRatio:
      big.claims.length === 0 ? null : ratios(big.claims, small.claims, (milliseconds) => milliseconds),
    p50: quantileOf(big.pickUps, 0.5),
    p99: quantileOf(big.pickUps, 0.99),
    smallP50: quantileOf(small.pickUps, 0.5),
    smallP99: quantileOf(small.pickUps, 0.99),
  };
}

function ratios<T>(over: readonly T[], under: readonly T[], value: (each: T) => number): Spread {
  return spreadOf(over.flatMap((each, turn) => (under[turn] ? value(each) / value(under[turn]) : [])));
}
