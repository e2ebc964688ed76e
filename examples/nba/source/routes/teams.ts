// GET /teams: the thirty teams.

import { ok } from "../answer.ts";
import type { Route } from "../routing.ts";

export const teams: Route = {
  resource: "teams",
  path: "/teams",
  answer: (league) => ok({ season: league.season().season, teams: league.teams() }),
};
