// GET /season: the season's name, its first and last days, and how many games each team plays.

import { ok } from "../answer.ts";
import type { Route } from "../routing.ts";

export const season: Route = {
  resource: "season",
  path: "/season",
  answer: (league) => ok(league.season()),
};
