// GET /prop-lines?date=YYYY-MM-DD: the lines of all bookmakers for the games of a day.

import { dayRoute } from "./day-route.ts";

export const propLines = dayRoute("propLines", {
  resource: "prop-lines",
  answer: (propLines, date) => ({ lines: propLines(date) }),
});
