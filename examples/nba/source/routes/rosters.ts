// GET /rosters?date=YYYY-MM-DD: everybody with the team he played for on that day.

import { dayRoute } from "./day-route.ts";

export const rosters = dayRoute("rosters", {
  resource: "rosters",
  answer: (rosters, date) => rosters(date),
});
