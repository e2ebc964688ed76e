// The recorded season of 2025-26 as a league: read from files, each when it is first needed.

import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type BoxScore, boxScore } from "../box-score.ts";
import { readCsv } from "../csv.ts";
import type { Game, League, Player, RosterPlayer, Season, Team } from "../league.ts";
import { LOG_COVERAGE, recordedGameLog } from "./game-log.ts";
import { once } from "./once.ts";
import { gameRow, playerProfileRow, playerTotalsRow, standingsRow } from "./rows.ts";

const FOLDER = "nba-season-2025-26";

/**
 * The league in `<dir>/nba-season-2025-26`, with the game log of `<dir>/nba-api-http` where that is there. Its
 * schedule lacks the five games of the regular season on a neutral floor, and only play-off games have a box score
 * and a time. Throws when the folder is not there; a file that does not fit is an error when it is read.
 */
export function season2025(dir: string): League {
  const folder = join(dir, FOLDER);
  if (!existsSync(join(folder, "games.csv")))
    throw new Error(`there is no recorded season in ${folder}: say where the recorded data is`);

  const totals = once(() => readCsv(join(folder, "player_totals.csv"), playerTotalsRow));
  const games = once(() => readGames(folder));
  const byId = once(() => new Map(games().map((game) => [game.gameId, game])));
  const byDate = once(() => Map.groupBy(games(), ({ date }) => date));
  const teams = once(() =>
    readTeams(folder, new Map(totals().map((row) => [row.TEAM_ID, row.TEAM_ABBREVIATION]))),
  );
  const players = once(() =>
    readPlayers(folder, new Map(totals().map((row) => [row.PLAYER_ID, row.TEAM_ID]))),
  );
  const gameLog = recordedGameLog(dir);
  return {
    season: once(() => seasonOf(games())),
    coverage: {
      schedule: { seasonTypes: ["regular", "playoffs"] },
      boxScore: { seasonTypes: ["playoffs"] },
      gameLog: LOG_COVERAGE,
    },
    teams,
    // Only the last team of a player is recorded, so that the day makes no difference.
    players: () => players(),
    rosters: () => ({
      teamsAsOf: seasonOf(games()).lastRegularDay,
      players: players().map((player) => rosterPlayer(player, teams())),
    }),
    schedule: (date) => (byDate().get(date) ?? []).map((game) => withStart(game, folder)),
    findGame: (gameId) => byId().get(gameId),
    boxScore: (gameId) => (byId().has(gameId) ? readBoxScore(folder, gameId) : undefined),
    ...(gameLog && { gameLog }),
  };
}

function readGames(folder: string): Game[] {
  const files = [
    { file: "games.csv", seasonType: "regular" },
    { file: "po_games.csv", seasonType: "playoffs" },
  ] as const;
  return files.flatMap(({ file, seasonType }) =>
    readCsv(join(folder, file), gameRow).map((row) => ({
      gameId: row.GAME_ID,
      date: row.GAME_DATE,
      homeTeam: row.HOME_TEAM,
      awayTeam: row.AWAY_TEAM,
      status: "final" as const,
      homePoints: row.HOME_PTS,
      awayPoints: row.AWAY_PTS,
      seasonType,
    })),
  );
}

// Standings leave one tricode out (that of the Clippers), so that all are taken from the players.
function readTeams(folder: string, tricodes: ReadonlyMap<number, string>): Team[] {
  return readCsv(join(folder, "standings.csv"), standingsRow)
    .map((row): Team => {
      const tricode = tricodes.get(row.TEAM_ID) ?? row.TEAM_ABBREVIATION;
      return { teamId: row.TEAM_ID, tricode, name: row.TEAM_NAME, conference: row.CONFERENCE };
    })
    .sort((a, b) => a.teamId - b.teamId);
}

function readPlayers(folder: string, teamIds: ReadonlyMap<number, number>): Player[] {
  return readCsv(join(folder, "player_profiles.csv"), playerProfileRow).flatMap((row) => {
    const teamId = teamIds.get(row.PLAYER_ID);
    if (teamId === undefined) return [];
    const weight = row.WEIGHT === undefined ? {} : { weight: row.WEIGHT };
    const jersey = row.JERSEY === "" ? {} : { jersey: row.JERSEY };
    const body = { height: row.HEIGHT, ...weight, birthdate: row.BIRTHDATE, ...jersey, country: row.COUNTRY };
    return [{ playerId: row.PLAYER_ID, name: row.PLAYER_NAME, teamId, position: row.POSITION, ...body }];
  });
}

function rosterPlayer(player: Player, teams: readonly Team[]): RosterPlayer {
  const { playerId, name, teamId, position, jersey } = player;
  const tricode = teams.find((team) => team.teamId === teamId)?.tricode ?? "";
  return { playerId, name, teamId, tricode, position, ...(jersey === undefined ? {} : { jersey }) };
}

function seasonOf(games: readonly Game[]): Season {
  const days = games.map(({ date }) => date).sort();
  const regularDays = games
    .filter(({ seasonType }) => seasonType === "regular")
    .map(({ date }) => date)
    .sort();
  return {
    season: "2025-26",
    firstDay: days.at(0) ?? "",
    lastDay: days.at(-1) ?? "",
    lastRegularDay: regularDays.at(-1) ?? "",
    gamesPerTeam: 82,
  };
}

function withStart(game: Game, folder: string): Game {
  const startsAtUtc = readBoxScore(folder, game.gameId)?.gameTimeUTC;
  return startsAtUtc === undefined ? game : { ...game, startsAtUtc };
}

function readBoxScore(folder: string, gameId: string): BoxScore | undefined {
  const file = join(folder, "boxscores", `${gameId}.json`);
  return existsSync(file) ? boxScore.parse(JSON.parse(readFileSync(file, "utf8"))) : undefined;
}
