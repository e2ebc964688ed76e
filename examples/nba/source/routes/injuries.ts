// GET /injuries?date=YYYY-MM-DD: who is hurt and does not play that day.

import { dayRoute } from "./day-route.ts";

export const injuries = dayRoute("injuries", {
  resource: "injuries",
  answer: (injuries, date) => ({ injuries: injuries(date) }),
});
