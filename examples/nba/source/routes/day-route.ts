// What all routes of a day have in common: they want to know which one, as `?date=YYYY-MM-DD`.

import { isDay } from "headworks-example-kit/days.ts";
import { type Answer, ok, refusal } from "headworks-example-kit/source/answer.ts";
import type { Part, PartialLeague } from "../league.ts";
import { type Route, routeOf } from "../routing.ts";

interface DayOffering<P extends Part> {
  readonly resource: string;
  /** The body of the answer, beside the date that it repeats. */
  answer(part: NonNullable<PartialLeague[P]>, date: string): object;
}

/** `GET /<resource>?date=YYYY-MM-DD`, answered with the date and what the route adds to it. */
export function dayRoute<P extends Part>(part: P, { resource, answer }: DayOffering<P>): Route {
  const path = `/${resource}`;
  return routeOf(part, {
    resource,
    path,
    answer(found, { query }) {
      const date = query.get("date");
      if (date === null) return refusal(400, "date_missing", `say which day: ${path}?date=YYYY-MM-DD`);
      return isDay(date) ? ok({ date, ...answer(found, date) }) : malformed(date);
    },
  });
}

/** What is answered to something that is not a day. */
export function malformed(date: string): Answer {
  return refusal(400, "date_malformed", `"${date}" is not a day: write it as YYYY-MM-DD`);
}
