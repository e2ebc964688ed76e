// GET /teams: the thirty teams.

import { ok } from "headworks-example-kit/source/answer.ts";
import { routeOf } from "../routing.ts";

export const teams = routeOf("teams", {
  resource: "teams",
  path: "/teams",
  answer: (teams, _request, league) => ok({ season: league.season().season, teams: teams() }),
});
