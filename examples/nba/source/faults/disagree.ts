// disagree: the game log differs from the schedule in some games, which it lacks or of which it has another score;
// this one does not heal by itself.

import { positive, shareOf } from "headworks-example-kit/faults/arguments.ts";
import type { FaultKind } from "headworks-example-kit/faults/fault.ts";
import { portionOf } from "headworks-example-kit/faults/portion.ts";
import type { ResultSet } from "../game-log.ts";
import { columnsOf, rewriteTable } from "./rewrite-table.ts";

const USUAL_SHARE = 0.01;
/** Of the games that differ, the share that is missing altogether. */
const MISSING = 0.4;
/** What the winner has more than he really had. */
const EXTRA_POINTS = 2;

export const disagree: FaultKind = {
  name: "disagree",
  usage: "disagree[:share=0.01[,seed=1]]",
  takesValue: false,
  options: ["share", "seed"],
  prepare(given) {
    const share = shareOf(given, USUAL_SHARE);
    const seed = positive(given.options.get("seed") ?? "1", "seed");
    const differs = (gameId: string) => portionOf(`${seed} disagree ${gameId}`) < share;
    const isMissing = (gameId: string) => differs(gameId) && portionOf(`${seed} missing ${gameId}`) < MISSING;
    return () => async (request, answer) =>
      request?.resource === "games-log"
        ? rewriteTable(await answer(), (table) => differing(table, differs, isMissing))
        : answer();
  },
};

function differing(
  table: ResultSet,
  differs: (gameId: string) => boolean,
  isMissing: (gameId: string) => boolean,
): ResultSet {
  const column = columnsOf(table);
  const rows = table.rowSet.filter((row) => !isMissing(column.text(row, "GAME_ID")));
  return {
    ...table,
    rowSet: rows.map((row) => {
      if (!differs(column.text(row, "GAME_ID"))) return row;
      const won = column.text(row, "WL") === "W";
      const margin = column.number(row, "PLUS_MINUS") + (won ? EXTRA_POINTS : -EXTRA_POINTS);
      const points = column.number(row, "PTS") + (won ? EXTRA_POINTS : 0);
      return column.with(column.with(row, "PTS", points), "PLUS_MINUS", margin);
    }),
  };
}
