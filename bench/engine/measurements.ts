// What can be measured of a contender on a fresh database, by the name under which the harness asks for it.

import { measureBacklog } from "./measurements/backlog.ts";
import { measureEnqueue } from "./measurements/enqueue.ts";
import { measureFan } from "./measurements/headworks-fan.ts";
import { measureHealth } from "./measurements/headworks-health.ts";
import { measureRate } from "./measurements/headworks-rate.ts";
import { measurePickUp } from "./measurements/pick-up.ts";
import { measureWork } from "./measurements/work.ts";

export const measurements = {
  work: measureWork,
  enqueue: measureEnqueue,
  pickUp: measurePickUp,
  backlog: measureBacklog,
  fan: measureFan,
  rate: measureRate,
  health: measureHealth,
};

export type Measurements = typeof measurements;
