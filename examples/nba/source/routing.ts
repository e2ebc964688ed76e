// Finds the route of a request, and what the request is about.

import { type Answer, refusal } from "./answer.ts";
import { type DayRange, isDay } from "./days.ts";
import type { Part, PartialLeague } from "./league.ts";

/** One resource of the source; each has a file of its own in `routes/`. */
export interface Route {
  /** The name by which faults know it. */
  readonly resource: string;
  /** Segments that begin with a colon stand for any one segment: `/box-scores/:gameId`. */
  readonly path: string;
  /** What the league must have for it. */
  readonly part: Part;
  /** The days that a request is about, where its path alone says it. */
  daysOf?(parameters: Readonly<Record<string, string>>): DayRange | undefined;
  answer(league: PartialLeague, request: SourceRequest): Answer;
}

export interface SourceRequest {
  readonly route: Route;
  readonly parameters: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  /** The days that the request is about: those it asks for, or that of its game; undefined when there are none. */
  readonly days: DayRange | undefined;
  /** Names what is asked for, whatever else is in the URL: `schedule 2026-01-14`, `box-scores 0022500001`. */
  readonly subject: string;
}

/** A route as its file writes it: answered with its part of the league, once it is known to be there. */
interface Offering<P extends Part> extends Omit<Route, "part" | "answer"> {
  answer(part: NonNullable<PartialLeague[P]>, request: SourceRequest, league: PartialLeague): Answer;
}

/** The route of a part of the league; a league that lacks it answers 404 with the code `not_offered`. */
export function routeOf<P extends Part>(name: P, { answer, ...rest }: Offering<P>): Route {
  return {
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

/** The request of a URL, or undefined when no route has its path. */
export function routeRequest(
  url: URL,
  routes: readonly Route[],
  league: PartialLeague,
): SourceRequest | undefined {
  for (const route of routes) {
    const parameters = matchPath(route.path, url.pathname);
    if (parameters === undefined) continue;
    const named = Object.values(parameters).join(" ");
    return {
      route,
      parameters,
      query: url.searchParams,
      days: route.daysOf?.(parameters) ?? daysOf(url.searchParams, parameters.gameId, league),
      subject: `${route.resource} ${named || askedOf(url.searchParams)}`.trimEnd(),
    };
  }
  return undefined;
}

function daysOf(
  query: URLSearchParams,
  gameId: string | undefined,
  league: PartialLeague,
): DayRange | undefined {
  const from = query.get("date") ?? query.get("from") ?? "";
  const to = query.get("date") ?? query.get("to") ?? "";
  if (isDay(from) && isDay(to)) return { from, to };
  const date = gameId === undefined ? undefined : league.findGame?.(gameId)?.date;
  return date === undefined ? undefined : { from: date, to: date };
}

function askedOf(query: URLSearchParams): string {
  const [date, from, to] = ["date", "from", "to"].map((name) => query.get(name));
  return date ?? (from === null && to === null ? "" : `${from ?? ""}..${to ?? ""}`);
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
