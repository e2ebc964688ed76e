// GET /box-scores/:gameId: who did what in a game; 404 until there is a box score.

import { ok, refusal } from "headworks-example-kit/source/answer.ts";
import { routeOf } from "../routing.ts";

export const boxScores = routeOf("boxScore", {
  resource: "box-scores",
  path: "/box-scores/:gameId",
  answer(boxScore, { parameters }) {
    const gameId = parameters.gameId ?? "";
    const found = boxScore(gameId);
    if (found !== undefined) return ok(found);
    return refusal(404, "box_score_not_found", `there is no box score of game "${gameId}"`);
  },
});
