// Sums a played game up by its periods and runs, from the same plays as its box score.

import type { GameSummary, GameTime, PeriodSummary, Run } from "../game-summary.ts";
import { totalsOf } from "../game-summary.ts";
import { type Basket, basketsOf, courseOf } from "./course.ts";
import { OVERTIME, type PlayedGame } from "./play-game.ts";
import { REGULATION } from "./rotation.ts";
import type { Fixture } from "./schedule.ts";
import { finalText, QUARTER } from "./tally.ts";

/** Points without an answer that are called a run. */
const RUN = 8;
const QUARTERS = 4;

/** The summary of a game that is over. */
export function summarise(fixture: Fixture, game: PlayedGame): GameSummary {
  const baskets = basketsOf(game.plays);
  const count = QUARTERS + game.overtimes;
  const periods = Array.from({ length: count }, (_, at) => periodOf(at + 1, baskets));
  return {
    gameId: fixture.gameId,
    gameStatus: 3,
    gameStatusText: finalText(game),
    homeTeam: fixture.home.tricode,
    awayTeam: fixture.away.tricode,
    periods,
    ...totalsOf(periods),
    runs: runsOf(baskets, fixture),
  };
}

function periodOf(period: number, all: readonly Basket[]): PeriodSummary {
  const baskets = all.filter(({ second }) => timeAt(second).period === period);
  const points = (side: number) =>
    baskets.reduce((sum, basket) => sum + (basket.side === side ? basket.points : 0), 0);
  const { biggestLeads, leadChanges, timesTied } = courseOf(baskets);
  return {
    period,
    name: period <= QUARTERS ? `Q${period}` : `OT${period - QUARTERS}`,
    homePoints: points(0),
    awayPoints: points(1),
    leadChanges,
    timesTied,
    homeLargestLead: biggestLeads[0],
    awayLargestLead: biggestLeads[1],
  };
}

function runsOf(baskets: readonly Basket[], { home, away }: Fixture): Run[] {
  const streaks: Basket[][] = [];
  for (const basket of baskets) {
    const current = streaks.at(-1);
    if (current?.[0]?.side === basket.side) current.push(basket);
    else streaks.push([basket]);
  }
  return streaks.flatMap((streak) => {
    const [first, last] = [streak.at(0), streak.at(-1)];
    const points = streak.reduce((sum, basket) => sum + basket.points, 0);
    if (first === undefined || last === undefined || points < RUN) return [];
    const { tricode } = first.side === 0 ? home : away;
    return [{ tricode, points, from: timeAt(first.second), to: timeAt(last.second) }];
  });
}

// The clock of a period runs down; whoever scores at its last second has one second left.
function timeAt(second: number): GameTime {
  const overtime = Math.floor((second - REGULATION) / OVERTIME);
  const [period, left] =
    second < REGULATION
      ? [Math.floor(second / QUARTER) + 1, QUARTER - (second % QUARTER)]
      : [QUARTERS + 1 + overtime, OVERTIME - ((second - REGULATION) % OVERTIME)];
  return { period, clock: `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}` };
}
