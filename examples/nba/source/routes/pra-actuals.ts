// GET /pra-actuals?date=YYYY-MM-DD: what each player's points, rebounds and assists came to that day.

import { dayRoute } from "./day-route.ts";

export const praActuals = dayRoute("praActuals", {
  resource: "pra-actuals",
  answer: (praActuals, date) => ({ actuals: praActuals(date) }),
});
