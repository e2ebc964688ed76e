// GET /players: everybody who plays in the season, with his team.

import { ok } from "../answer.ts";
import type { Route } from "../routing.ts";

export const players: Route = {
  resource: "players",
  path: "/players",
  answer: (league) => ok({ season: league.season().season, players: league.players() }),
};
