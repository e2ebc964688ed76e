// Finds the route of a request, and what the request is about.

import { type DayRange, isDay } from "../days.ts";
import type { Answer } from "./answer.ts";

/** One resource of a source that serves a world, such as a league. */
export interface Route<World> {
  /** The name by which faults know it. */
  readonly resource: string;
  /** Segments that begin with a colon stand for any one segment: `/box-scores/:gameId`. */
  readonly path: string;
  /** The days that a request is about, where what its path names says it. */
  daysOf?(parameters: Readonly<Record<string, string>>, world: World): DayRange | undefined;
  answer(world: World, request: SourceRequest): Answer;
}

export interface SourceRequest {
  readonly resource: string;
  readonly parameters: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  /** The days that the request is about: those that it asks for, or those of what it names; undefined when there are none. */
  readonly days: DayRange | undefined;
  /** Names what is asked for, whatever else is in the URL: `schedule 2026-01-14`, `box-scores 0022500001`. */
  readonly subject: string;
}

export interface Routed<World> {
  route: Route<World>;
  request: SourceRequest;
}

/** The request of a URL, or undefined when no route has its path. */
export function routeRequest<World>(
  url: URL,
  routes: readonly Route<World>[],
  world: World,
): Routed<World> | undefined {
  for (const route of routes) {
    const parameters = matchPath(route.path, url.pathname);
    if (parameters === undefined) continue;
    const named = Object.values(parameters).join(" ");
    const request = {
      resource: route.resource,
      parameters,
      query: url.searchParams,
      days: route.daysOf?.(parameters, world) ?? daysAsked(url.searchParams),
      subject: `${route.resource} ${named || askedOf(url.searchParams)}`.trimEnd(),
    };
    return { route, request };
  }
  return undefined;
}

function daysAsked(query: URLSearchParams): DayRange | undefined {
  const from = query.get("date") ?? query.get("from") ?? "";
  const to = query.get("date") ?? query.get("to") ?? "";
  return isDay(from) && isDay(to) ? { from, to } : undefined;
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
