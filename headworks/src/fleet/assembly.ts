// Puts together what works around the runs of one process: its leases, the rescuer, and housekeeping with every duty there is.

import type { Duty } from "../engine/duties/duty.ts";
import { engineDuties } from "../engine/duties/engine-duties.ts";
import { Housekeeping } from "../engine/duties/housekeeping.ts";
import { DutyReports } from "../engine/duties/reports.ts";
import { Rescuer } from "../engine/duties/rescuer.ts";
import type { RunServices } from "../engine/run/services.ts";
import { LeaseRenewal } from "../engine/worker/leases.ts";

export interface Assembly {
  services: RunServices;
  leases: LeaseRenewal;
  rescuer: Rescuer;
  housekeeping: Housekeeping;
}

/** Nothing runs yet: a supervisor or an engine starts and stops it. `more` are duties besides those of the engine. */
export function assemble(services: RunServices, more: readonly Duty[] = []): Assembly {
  const leases = new LeaseRenewal(services.database, services.log);
  const rescuer = new Rescuer(services, leases);
  const duties = [...engineDuties(services, rescuer), ...more];
  return { services, leases, rescuer, housekeeping: new Housekeeping(duties, new DutyReports(services)) };
}
