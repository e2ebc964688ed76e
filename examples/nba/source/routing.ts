// The routes of the league: each is answered with its part of it, and knows the day of the game that it is about.

import { type Answer, refusal } from "headworks-example-kit/source/answer.ts";
import type { Route as KitRoute, SourceRequest } from "headworks-example-kit/source/routing.ts";
import type { Part, PartialLeague } from "./league.ts";

/** One resource of the source; each has a file of its own in `routes/`. */
export interface Route extends KitRoute<PartialLeague> {
  /** What the league must have for it. */
  readonly part: Part;
}

/** A route as its file writes it: answered with its part of the league, once it is known to be there. */
interface Offering<P extends Part> extends Omit<Route, "part" | "answer"> {
  answer(part: NonNullable<PartialLeague[P]>, request: SourceRequest, league: PartialLeague): Answer;
}

/** The route of a part of the league; a league that lacks it answers 404 with the code `not_offered`. */
export function routeOf<P extends Part>(name: P, { answer, ...rest }: Offering<P>): Route {
  return {
    daysOf({ gameId }, league) {
      const date = gameId === undefined ? undefined : league.findGame?.(gameId)?.date;
      return date === undefined ? undefined : { from: date, to: date };
    },
    ...rest,
    part: name,
    answer(league, request) {
      const part = league[name];
      if (part) return answer(part, request, league);
      const { season } = league.season();
      return refusal(
        404,
        "not_offered",
        `this source has no ${rest.resource} of ${season}: see /capabilities`,
      );
    },
  };
}
