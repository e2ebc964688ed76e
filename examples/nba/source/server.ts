// The source of the league as an HTTP server: its routes and its faults, served by the kit of the examples.

import {
  type SourceOptions as KitOptions,
  type SourceServer,
  startSource as serve,
} from "headworks-example-kit/source/server.ts";
import type { PartialLeague } from "./league.ts";
import { ROUTES } from "./routes/all.ts";

export interface SourceOptions extends Omit<KitOptions<PartialLeague>, "world" | "routes"> {
  readonly league: PartialLeague;
}

/** Serves a league. Rejects with the system's error when the port is not free. */
export function startSource({ league, ...options }: SourceOptions): Promise<SourceServer> {
  return serve({ ...options, world: league, routes: ROUTES });
}
