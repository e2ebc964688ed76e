// GET /capabilities: which resources this source offers, of which kinds of games, and for which days.

import { ok } from "headworks-example-kit/source/answer.ts";
import { type Route, routeOf } from "../routing.ts";

/** The route that tells of these others. */
export function capabilities(others: readonly Route[]): Route {
  return routeOf("season", {
    resource: "capabilities",
    path: "/capabilities",
    answer: (season, _request, league) =>
      ok({
        season: season().season,
        resources: others.map(({ resource, path, part }) => {
          const offered = league[part] !== undefined;
          return { resource, path, offered, ...(offered ? league.coverage[part] : {}) };
        }),
      }),
  });
}
