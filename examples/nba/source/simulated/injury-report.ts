// What a team says about its players who are hurt: what it is, and in what time they are expected back.

import { addDays } from "headworks-example-kit/days.ts";
import type { InjuredPlayer } from "../league.ts";
import type { Injury } from "./injuries.ts";
import { randomOf } from "./random.ts";
import type { World } from "./world.ts";

/** Injuries by how long they usually last, the longest of them first; durations in days. */
const KINDS = [
  {
    outlook: "months",
    days: 26,
    injuries: ["knee ligament tear", "foot stress fracture", "Achilles soreness", "wrist fracture"],
  },
  {
    outlook: "weeks",
    days: 7,
    injuries: [
      "ankle sprain",
      "hamstring strain",
      "calf strain",
      "groin strain",
      "knee sprain",
      "finger fracture",
    ],
  },
  {
    outlook: "days",
    days: 0,
    injuries: [
      "ankle soreness",
      "knee soreness",
      "hip contusion",
      "shoulder soreness",
      "hamstring tightness",
    ],
  },
] as const;

/** Everybody who is out on a day, by team and then by id. */
export function injuryReport(
  { players, rosters, injuryOf, seed, calendar }: World,
  date: string,
): InjuredPlayer[] {
  return players
    .flatMap((player) => {
      const injury = injuryOf(player, date);
      if (injury === undefined) return [];
      const { playerId, name } = player;
      const { teamId, tricode } = rosters.teamOn(player, date);
      const random = randomOf(seed, calendar.season, "injury", playerId, injury.from);
      const { outlook, injuries } = kindOf(injury);
      const named = `${random.pick(["left", "right"])} ${random.pick(injuries)}`;
      return [
        {
          playerId,
          name,
          teamId,
          tricode,
          status: "out" as const,
          injury: named,
          since: injury.from,
          outlook,
        },
      ];
    })
    .sort((a, b) => a.teamId - b.teamId || a.playerId - b.playerId);
}

function kindOf({ from, to }: Injury): (typeof KINDS)[number] {
  return KINDS.find(({ days }) => to >= addDays(from, days - 1)) ?? KINDS[2];
}
