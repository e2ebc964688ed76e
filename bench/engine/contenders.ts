// All contenders, by name.

import type { Contender } from "./contender.ts";
import { bare } from "./contenders/bare.ts";
import { bareByFeature, bareSameRows } from "./contenders/bare-same-rows.ts";
import { bullmq } from "./contenders/bullmq.ts";
import { dbos } from "./contenders/dbos.ts";
import { graphileWorker } from "./contenders/graphile-worker.ts";
import { headworks, headworksLimited } from "./contenders/headworks.ts";
import { pgBoss } from "./contenders/pg-boss.ts";

/** Those that are compared, in the order of the report. */
export const contenders: readonly Contender[] = [
  headworks,
  bareSameRows,
  bare,
  graphileWorker,
  pgBoss,
  bullmq,
  dbos,
];

/** Throws for a name that nobody has. */
export function contenderNamed(name: string): Contender {
  const found = [...contenders, ...bareByFeature, headworksLimited].find(
    (contender) => contender.name === name,
  );
  if (found === undefined) throw new Error(`there is no contender ${name}`);
  return found;
}
