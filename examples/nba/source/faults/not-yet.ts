// What the source answers while a game is still in progress, or its lists are not complete yet.

import type { Changes } from "headworks-example-kit/faults/fault.ts";
import type { Answer } from "headworks-example-kit/source/answer.ts";
import type { SourceRequest } from "headworks-example-kit/source/routing.ts";
import type { BoxScore } from "../box-score.ts";
import { gameSummary, totalsOf } from "../game-summary.ts";
import { rewriteBoxScore, rewriteItems } from "./rewrite.ts";

/** Box scores and plays of a game in progress, and the first half of logs and lines. */
export const NOT_YET: Changes = {
  "box-scores": (answer) => rewriteBoxScore(answer, inProgress),
  "play-by-play": threePeriods,
  "games-log": firstHalf,
  "prop-lines": firstHalf,
};

// As of the third quarter, with half of each team's players.
function inProgress(box: BoxScore): BoxScore {
  const scoreOf = new Map(box.teams.map(({ teamId, q1, q2, q3 }) => [teamId, q1 + q2 + q3]));
  return {
    ...box,
    gameStatus: 2,
    gameStatusText: "In progress",
    teams: box.teams.map((team) => ({ ...team, q4: 0, score: scoreOf.get(team.teamId) ?? 0 })),
    teamStats: box.teamStats.map((stats) => ({ ...stats, points: scoreOf.get(stats.teamId) ?? 0 })),
    players: box.teams.flatMap(({ teamId }) => {
      const lines = box.players.filter((line) => line.teamId === teamId);
      return lines.slice(0, Math.ceil(lines.length / 2));
    }),
  };
}

function threePeriods(answer: Answer): Answer {
  const found = answer.kind === "json" ? gameSummary.safeParse(answer.value) : undefined;
  if (answer.kind !== "json" || !found?.success) return answer;
  const periods = found.data.periods.slice(0, 3);
  const runs = found.data.runs.filter(({ to }) => to.period <= periods.length);
  const progress = { gameStatus: 2, gameStatusText: "In progress", periods, ...totalsOf(periods), runs };
  return { ...answer, value: { ...found.data, ...progress } };
}

// An even number, so that no game of a log has one team only.
function firstHalf(answer: Answer, request: SourceRequest): Answer {
  return rewriteItems(request, answer, (items) => items.slice(0, 2 * Math.floor(items.length / 4)));
}
