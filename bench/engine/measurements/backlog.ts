// How fast tasks are claimed and picked up on a big store, in turn with a small one of the same contender.

import type { Contender, Place, Session, Store } from "../contender.ts";
import { startMeter, type Used } from "../meter.ts";
import { pickUps } from "./pick-up.ts";
import { vacuum, type Work } from "./work.ts";

export interface BacklogOptions {
  smallPlace: Place;
  store: Store;
  /** Tasks of each turn that are measured. */
  tasks: number;
  turns: number;
  pickUps: number;
}

/** What was measured on one store. */
export interface OnStore {
  works: Work[];
  /** Milliseconds of each claim that was given back at once; none where it can't be told apart. */
  claims: number[];
  /** Milliseconds of each pick-up, while all that is pending is due tomorrow. */
  pickUps: number[];
}

export interface Backlog {
  big: OnStore;
  small: OnStore;
  /** Seconds that the big store took to make. */
  madeIn: number;
}

/** Tasks that a contender may have under way when it is stopped: they are worked off too. */
const UNDER_WAY = 6_000;
/** The first of each turn find a worker that has only just started. */
const SKIPPED = 0.1;
const CLAIMS = 100;
const CLAIM_SIZE = 200;

export async function measureBacklog(
  contender: Contender,
  place: Place,
  options: BacklogOptions,
): Promise<Backlog> {
  const { smallPlace, store, tasks, turns } = options;
  const big = await openOn(contender, place);
  const small = await openOn(contender, smallPlace);
  try {
    const needed = Math.round((turns + 1) * (tasks * (1 + SKIPPED) + UNDER_WAY));
    if (store.pending < needed)
      throw new Error(`a store with ${store.pending} pending is too small: ${needed} are needed`);
    const began = performance.now();
    await big.session.pile(store);
    const madeIn = (performance.now() - began) / 1_000;
    await small.session.pile({ pending: needed, settled: 0 });
    const both = [big, small];
    for (let turn = 0; turn <= turns; turn++) {
      for (const each of turn % 2 === 0 ? both : both.toReversed()) {
        const work = await workSome(each.session, each.place, tasks);
        if (turn > 0) each.measured.works.push(work);
      }
    }
    for (const each of both) await vacuum(each.place);
    await claimInTurn(both);
    for (const each of both) {
      await each.session.postpone();
      await vacuum(each.place);
      each.measured.pickUps.push(...(await pickUps(each.session, options.pickUps)));
    }
    return { big: big.measured, small: small.measured, madeIn };
  } finally {
    await big.session.close();
    await small.session.close();
  }
}

interface Opened {
  place: Place;
  session: Session & Required<Pick<Session, "pile" | "postpone">>;
  measured: OnStore;
}

async function openOn(contender: Contender, place: Place): Promise<Opened> {
  const { pile, postpone, ...session } = await contender.open(place);
  if (pile === undefined || postpone === undefined) throw new Error(`${contender.name} has no big store`);
  return {
    place,
    session: { ...session, pile, postpone },
    measured: { works: [], claims: [], pickUps: [] },
  };
}

/** Works on what is pending for so many tasks, and stops. */
async function workSome(session: Session, place: Place, tasks: number): Promise<Work> {
  const first = Math.round(tasks * SKIPPED);
  let count = 0;
  let used: (() => Used) | undefined;
  const done = Promise.withResolvers<Used>();
  const working = await session.work(() => {
    count += 1;
    if (count === first) used = startMeter(place);
    if (count === first + tasks && used) done.resolve(used());
  });
  const cost = await done.promise;
  await working.stop();
  return { tasks, ...cost };
}

async function claimInTurn(both: readonly Opened[]): Promise<void> {
  for (let claim = 0; claim < CLAIMS; claim++) {
    for (const { session, measured } of claim % 2 === 0 ? both : both.toReversed()) {
      if (session.claim === undefined) return;
      measured.claims.push(await session.claim(CLAIM_SIZE));
    }
  }
}
