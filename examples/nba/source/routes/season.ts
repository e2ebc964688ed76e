// GET /season: the season's name, its first and last days, and how many games each team plays.

import { ok } from "headworks-example-kit/source/answer.ts";
import { routeOf } from "../routing.ts";

export const season = routeOf("season", {
  resource: "season",
  path: "/season",
  answer: (season) => ok(season()),
});
