// What was recorded of 2017-18: the schedule, a web page for each month, and the page for those that don't exist.

import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { PartialLeague } from "../league.ts";

const FOLDER = join("nba-bref-html", "pages", "schedule");
const NOT_FOUND = "not-found.html";

/** The pages in `<dir>/nba-bref-html`, and nothing else. Throws when they are not there. */
export function season2017(dir: string): PartialLeague {
  const folder = join(dir, FOLDER);
  if (!existsSync(join(folder, NOT_FOUND)))
    throw new Error(`there is no recorded season in ${folder}: say where the recorded data is`);
  const days = { from: "2017-10-17", to: "2018-06-08" };
  return {
    season: () => ({
      season: "2017-18",
      firstDay: days.from,
      lastDay: days.to,
      lastRegularDay: "2018-04-11",
      gamesPerTeam: 82,
    }),
    coverage: { schedulePage: { seasonTypes: ["regular", "playoffs"], ...days } },
    schedulePage(year, month) {
      // Letters and digits only, so that a request can't leave the folder.
      const file = join(folder, year, `${month}.html`);
      const exists = /^\d{4}$/.test(year) && /^[a-z]+$/.test(month) && existsSync(file);
      return exists
        ? { status: 200, html: readFileSync(file, "utf8") }
        : { status: 404, html: readFileSync(join(folder, NOT_FOUND), "utf8") };
    },
  };
}
