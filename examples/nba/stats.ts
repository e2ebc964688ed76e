// The source of everything: the statistics service, and the shapes of its answers that the pipeline relies on.

import { bearer, queue, secret, source } from "headworks";
import { z } from "zod";
import { season } from "./season.ts";

export const stats = source("stats", {
  baseUrl: process.env.NBA_SOURCE_URL ?? "http://127.0.0.1:4610",
  auth: bearer(secret("NBA_SOURCE_KEY")),
  maxRequestsPerSecond: 200,
  maxBurstSize: 20,
  maxConnections: 10,
  timeout: "5s",
  maxRetries: 1,
});

/** Requests to the source are also bounded by how many runs may be at it. */
export const statsQueue = queue("stats", {
  maxConcurrentDispatches: 40,
  maxAttempts: 8,
  minBackoff: season.minBackoff,
  maxBackoff: "1m",
});

export const TeamsResponse = z.object({
  teams: z.array(
    z.object({
      teamId: z.int(),
      tricode: z.string(),
      name: z.string(),
      conference: z.enum(["East", "West"]),
    }),
  ),
});

export const PlayersResponse = z.object({
  players: z.array(z.object({ playerId: z.int(), name: z.string(), teamId: z.int(), position: z.string() })),
});

export const ScheduleResponse = z.object({
  games: z.array(
    z.object({
      gameId: z.string(),
      date: z.iso.date(),
      homeTeam: z.string(),
      awayTeam: z.string(),
      status: z.enum(["final", "scheduled", "postponed"]),
      homePoints: z.int().nullable(),
      awayPoints: z.int().nullable(),
      seasonType: z.enum(["regular", "playoffs"]),
    }),
  ),
});

export const BoxScoreResponse = z.object({
  gameId: z.string(),
  gameStatusText: z.string(),
  players: z.array(
    z.object({
      personId: z.int(),
      name: z.string(),
      tricode: z.string(),
      minutes: z.string(),
      points: z.int(),
      reboundsTotal: z.int(),
      assists: z.int(),
      fieldGoalsAttempted: z.int(),
      freeThrowsAttempted: z.int(),
      turnovers: z.int(),
    }),
  ),
});
