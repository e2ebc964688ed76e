// late: some box scores and play-by-plays are still of a game in progress for the first requests, and some game logs
// and prop lines are not complete yet.

import type { Answer } from "../answer.ts";
import type { BoxScore } from "../box-score.ts";
import { gameSummary, totalsOf } from "../game-summary.ts";
import type { SourceRequest } from "../routing.ts";
import { positive, requestCount, shareOf } from "./arguments.ts";
import { type FaultKind, firstRequests } from "./fault.ts";
import { portionOf } from "./portion.ts";
import { rewriteBoxScore, rewriteItems } from "./rewrite.ts";

const USUAL_SHARE = 0.05;

type Delay = (answer: Answer, request: SourceRequest) => Answer;

const DELAYS: Readonly<Record<string, Delay>> = {
  "box-scores": (answer) => rewriteBoxScore(answer, inProgress),
  "play-by-play": threePeriods,
  "games-log": firstHalf,
  "prop-lines": firstHalf,
};

export const late: FaultKind = {
  name: "late",
  usage: "late[:share=0.05[,requests=2][,seed=1]]",
  takesValue: false,
  options: ["share", "requests", "seed"],
  prepare(given) {
    const share = shareOf(given, USUAL_SHARE);
    const requests = requestCount(given, 2);
    const seed = positive(given.options.get("seed") ?? "1", "seed");
    return () => {
      const isFirst = firstRequests(requests);
      return async (request, answer) => {
        const delay = request && DELAYS[request.route.resource];
        if (!request || !delay || portionOf(`${seed} ${request.subject}`) >= share || !isFirst(request))
          return answer();
        return delay(await answer(), request);
      };
    };
  },
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
