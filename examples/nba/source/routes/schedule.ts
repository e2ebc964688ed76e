// GET /schedule?date=YYYY-MM-DD: the games of a day, none of them on a day off.

import { dayRoute } from "./day-route.ts";

export const schedule = dayRoute("schedule", {
  resource: "schedule",
  answer: (schedule, date) => ({ games: schedule(date) }),
});
