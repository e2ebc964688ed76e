// late: the box scores of some games are still of a game in progress for the first requests.

import type { BoxScore } from "../box-score.ts";
import { positive, requestCount, shareOf } from "./arguments.ts";
import { type FaultKind, firstRequests } from "./fault.ts";
import { portionOf } from "./portion.ts";
import { rewriteBoxScore } from "./rewrite.ts";

const USUAL_SHARE = 0.05;

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
        const isBoxScore = request?.route.resource === "box-scores";
        const strikes = isBoxScore && portionOf(`${seed} ${request.subject}`) < share && isFirst(request);
        return strikes ? rewriteBoxScore(await answer(), inProgress) : answer();
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
