// GET /schedule?date=YYYY-MM-DD: the games of a day, none of them on a day off.

import { ok, refusal } from "../answer.ts";
import { isDay } from "../days.ts";
import type { Route } from "../routing.ts";

export const schedule: Route = {
  resource: "schedule",
  path: "/schedule",
  answer(league, { query }) {
    const date = query.get("date");
    if (date === null) return refusal(400, "date_missing", "say which day: /schedule?date=YYYY-MM-DD");
    if (!isDay(date)) return refusal(400, "date_malformed", `"${date}" is not a day: write it as YYYY-MM-DD`);
    return ok({ date, games: league.schedule(date) });
  },
};
