// Who belongs to which team on which day: the first rosters and the trades of the season.

import { addDays, eachDay } from "headworks-example-kit/days.ts";
import type { SeasonCalendar } from "./calendar.ts";
import { FRANCHISES, type Franchise } from "./franchises.ts";
import type { SimulatedPlayer } from "./players.ts";
import type { Random } from "./random.ts";

/** A player changes teams: from that day on he plays for the new one. */
interface Trade {
  readonly date: string;
  readonly player: SimulatedPlayer;
  readonly to: Franchise;
}

export interface Rosters {
  readonly trades: readonly Trade[];
  teamOn(player: SimulatedPlayer, day: string): Franchise;
  /** The day since when he belongs to the team of that day; undefined when he began the season with it. */
  joinedOn(player: SimulatedPlayer, day: string): string | undefined;
  /** A team's players on a day, hurt or not. */
  on(team: Franchise, day: string): readonly SimulatedPlayer[];
}

const DAYS_BEFORE_TRADES_BEGIN = 35;
// Neither stars nor the end of the bench: those who are really exchanged.
const TRADED_RANKS = { from: 2, to: 11 };

/** Rosters with six to ten trades, each one or two players for as many, so that teams keep their sizes. */
export function drawRosters(
  players: readonly SimulatedPlayer[],
  calendar: SeasonCalendar,
  random: Random,
): Rosters {
  const trades = drawTrades(players, calendar, random);
  const newTeams = new Map(trades.map((trade) => [trade.player, trade]));
  const teamOn = (player: SimulatedPlayer, day: string) => {
    const trade = newTeams.get(player);
    return trade !== undefined && day >= trade.date ? trade.to : player.firstTeam;
  };
  const everOf = Map.groupBy(
    players.flatMap((player) =>
      [...new Set([player.firstTeam, newTeams.get(player)?.to ?? player.firstTeam])].map((team) => ({
        team,
        player,
      })),
    ),
    ({ team }) => team,
  );
  return {
    trades,
    teamOn,
    joinedOn(player, day) {
      const date = newTeams.get(player)?.date;
      return date !== undefined && day >= date ? date : undefined;
    },
    on: (team, day) =>
      (everOf.get(team) ?? []).map(({ player }) => player).filter((player) => teamOn(player, day) === team),
  };
}

function drawTrades(players: readonly SimulatedPlayer[], calendar: SeasonCalendar, random: Random): Trade[] {
  const days = eachDay(addDays(calendar.firstDay, DAYS_BEFORE_TRADES_BEGIN), calendar.tradeDeadline);
  const partners = random.shuffled(FRANCHISES);
  // Each team trades once at most, so a player can't be sent away by a team he has already left.
  return Array.from({ length: random.between(6, 10) }, (_, at) => {
    const [one, other] = partners.slice(at * 2, at * 2 + 2);
    if (one === undefined || other === undefined) return [];
    const date = random.pick(days);
    const count = random.between(1, 2);
    const sent = (from: Franchise, to: Franchise) =>
      random
        .shuffled(tradeable(players, from))
        .slice(0, count)
        .map((player): Trade => ({ date, player, to }));
    return [...sent(one, other), ...sent(other, one)];
  }).flat();
}

function tradeable(players: readonly SimulatedPlayer[], team: Franchise): SimulatedPlayer[] {
  return players.filter(
    ({ firstTeam, rank }) => firstTeam === team && rank >= TRADED_RANKS.from && rank <= TRADED_RANKS.to,
  );
}
