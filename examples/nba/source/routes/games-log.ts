// GET /games/log?date=YYYY-MM-DD, or ?from=YYYY-MM-DD&to=YYYY-MM-DD: a line for each team and game, in columns.

import { type DayRange, isDay } from "headworks-example-kit/days.ts";
import { type Answer, ok, refusal } from "headworks-example-kit/source/answer.ts";
import { tableOf } from "../game-log.ts";
import { routeOf } from "../routing.ts";
import { malformed } from "./day-route.ts";

export const gamesLog = routeOf("gameLog", {
  resource: "games-log",
  path: "/games/log",
  answer(gameLog, { query }, league) {
    const from = query.get("date") ?? query.get("from");
    const to = query.get("date") ?? query.get("to");
    if (from === null || to === null)
      return refusal(
        400,
        "date_missing",
        "say which days: /games/log?date= or ?from=YYYY-MM-DD&to=YYYY-MM-DD",
      );
    const wrong = whatIsWrong({ from, to });
    if (wrong !== undefined) return wrong;
    return ok({
      resource: "leaguegamelog",
      parameters: { Season: league.season().season, DateFrom: from, DateTo: to },
      resultSets: [tableOf(gameLog({ from, to }))],
    });
  },
});

function whatIsWrong({ from, to }: DayRange): Answer | undefined {
  const unreadable = [from, to].find((day) => !isDay(day));
  if (unreadable !== undefined) return malformed(unreadable);
  return to < from ? refusal(400, "range_reversed", `${from} is later than ${to}`) : undefined;
}
