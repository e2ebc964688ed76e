// Finds the route of a request, and what the request is about.

import type { JsonAnswer } from "./answer.ts";
import { isDay } from "./days.ts";
import type { League } from "./league.ts";

/** One resource of the source; each has a file of its own in `routes/`. */
export interface Route {
  /** The name by which faults know it. */
  readonly resource: string;
  /** Segments that begin with a colon stand for any one segment: `/box-scores/:gameId`. */
  readonly path: string;
  answer(league: League, request: SourceRequest): JsonAnswer;
}

export interface SourceRequest {
  readonly route: Route;
  readonly parameters: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  /** The day that the request is about: the one it asks for, or that of its game; undefined when there is none. */
  readonly date: string | undefined;
  /** Names what is asked for, whatever else is in the URL: `schedule 2026-01-14`, `box-scores 0022500001`. */
  readonly subject: string;
}

/** The request of a URL, or undefined when no route has its path. */
export function routeRequest(url: URL, routes: readonly Route[], league: League): SourceRequest | undefined {
  for (const route of routes) {
    const parameters = matchPath(route.path, url.pathname);
    if (parameters === undefined) continue;
    const asked = parameters.date ?? url.searchParams.get("date") ?? "";
    const gameId = parameters.gameId;
    const date = isDay(asked) ? asked : gameId === undefined ? undefined : league.findGame(gameId)?.date;
    return {
      route,
      parameters,
      query: url.searchParams,
      date,
      subject: `${route.resource} ${gameId ?? asked}`.trimEnd(),
    };
  }
  return undefined;
}

function matchPath(path: string, pathname: string): Record<string, string> | undefined {
  const expected = path.split("/");
  const given = pathname.split("/");
  if (expected.length !== given.length) return undefined;
  const parameters: Record<string, string> = {};
  for (const [at, segment] of expected.entries()) {
    const value = given[at] ?? "";
    if (segment.startsWith(":")) parameters[segment.slice(1)] = value;
    else if (segment !== value) return undefined;
  }
  return parameters;
}
