import { eachDay, weekdayOf } from "headworks-example-kit/days.ts";
import { describe, expect, it } from "vitest";
import { easternInstant, seasonCalendar } from "./calendar.ts";

describe("the calendar of a season", () => {
  it("is that of the real season of 2025-26", () => {
    const calendar = seasonCalendar("2025-26");
    const off = eachDay(calendar.firstDay, calendar.lastDay).filter(
      (day) => !calendar.gameDays.includes(day),
    );
    expect(calendar).toMatchObject({
      firstDay: "2025-10-21",
      lastDay: "2026-04-12",
      tradeDeadline: "2026-02-05",
    });
    expect(off).toEqual(["2025-11-27", "2025-12-24", ...eachDay("2026-02-13", "2026-02-18"), "2026-04-11"]);
  });

  it.each(["1999-00", "2017-18", "2023-24", "2028-29", "2031-32"])(
    "has 165 days with games in %s too",
    (season) => {
      const calendar = seasonCalendar(season);
      expect(calendar.gameDays).toHaveLength(165);
      expect([weekdayOf(calendar.firstDay), weekdayOf(calendar.lastDay)]).toEqual([2, 0]);
    },
  );

  it.each(["2025", "2025-27", "25-26", "next"])("refuses the season %s", (season) => {
    expect(() => seasonCalendar(season)).toThrow("is not a season");
  });

  it.each([
    ["before summer time ends", "2025-11-01", 19, "2025-11-01T23:30:00Z"],
    ["after it ended", "2025-11-02", 19, "2025-11-03T00:30:00Z"],
    ["before it begins", "2026-03-07", 22, "2026-03-08T03:30:00Z"],
    ["after it began", "2026-03-08", 22, "2026-03-09T02:30:00Z"],
    ["on the last evening of a year", "2025-12-31", 20, "2026-01-01T01:30:00Z"],
  ])("knows the instant of an evening %s", (_when, day, hour, instant) => {
    expect(easternInstant(day, hour, 30)).toBe(instant);
  });
});
