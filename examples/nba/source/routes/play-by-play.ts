// GET /play-by-play/:gameId/summary: how the lead went to and fro in a game; 404 until it is over.

import { ok, refusal } from "headworks-example-kit/source/answer.ts";
import { routeOf } from "../routing.ts";

export const playByPlay = routeOf("summary", {
  resource: "play-by-play",
  path: "/play-by-play/:gameId/summary",
  answer(summary, { parameters }) {
    const gameId = parameters.gameId ?? "";
    const found = summary(gameId);
    if (found !== undefined) return ok(found);
    return refusal(404, "play_by_play_not_found", `there is no play by play of game "${gameId}"`);
  },
});
