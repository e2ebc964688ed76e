// GET /players: everybody who plays in the season, with his team.

import { ok } from "headworks-example-kit/source/answer.ts";
import { routeOf } from "../routing.ts";

export const players = routeOf("players", {
  resource: "players",
  path: "/players",
  answer: (players, _request, league) => ok({ season: league.season().season, players: players() }),
});
