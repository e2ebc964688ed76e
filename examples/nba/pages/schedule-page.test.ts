import { expect, test } from "vitest";
import { ZodError } from "zod";
import { readSchedulePage } from "./schedule-page.ts";

const row = (day: string, time: string, away: [string, string], home: [string, string]) =>
  `<tr><th data-stat="date_game"><a href="/">${day}</a></th><td data-stat="game_start_time">${time}</td>
  <td data-stat="visitor_team_name">${away[0]}</td><td data-stat="visitor_pts">${away[1]}</td>
  <td data-stat="home_team_name">${home[0]}</td><td data-stat="home_pts">${home[1]}</td></tr>`;
const page = (...rows: string[]) =>
  `<table id="other"><tbody><tr><td>1</td><td>2</td></tr></tbody></table>
  <table id="schedule"><thead><tr><th>Date</th><th>Start</th></tr></thead><tbody>${rows.join("")}</tbody></table>`;

const opening = row("Tue, Oct 17, 2017", "8:01p", ["Boston Celtics", "99"], ["Cleveland Cavaliers", "102"]);
const onMonday = row("Mon, Jan 15, 2018", "12:30p", ["Chicago Bulls", "119"], ["Miami Heat", "111"]);

test("reads the games, in summer time and in winter time, in the evening and at noon", () => {
  expect(readSchedulePage(page(opening, onMonday))).toEqual([
    {
      starts_at: "2017-10-18T00:01:00Z",
      date: "2017-10-17",
      home_team: "Cleveland Cavaliers",
      away_team: "Boston Celtics",
      home_points: 102,
      away_points: 99,
    },
    expect.objectContaining({ starts_at: "2018-01-15T17:30:00Z", date: "2018-01-15", home_points: 111 }),
  ]);
});

test("passes over headings between the games", () => {
  const heading = '<tr class="thead"><th colspan="12">Playoffs</th></tr>';
  expect(readSchedulePage(page(opening, heading, onMonday))).toHaveLength(2);
});

test("reads a game that is to be played as one without points", () => {
  const upcoming = row("Mon, Apr 1, 2019", "7:30p", ["Miami Heat", ""], ["Boston Celtics", ""]);
  expect(readSchedulePage(page(upcoming))).toMatchObject([{ home_points: null, away_points: null }]);
});

test("finds no games on a page without a schedule", () => {
  expect(readSchedulePage("<html><body><h1>Page Not Found (404 error)</h1></body></html>")).toEqual([]);
});

test("refuses a schedule whose cells have other names, or hold something else", () => {
  expect(() => readSchedulePage(page(opening.replaceAll("data-stat", "data-column")))).toThrow(ZodError);
  expect(() => readSchedulePage(page(opening.replace("8:01p", "20.01")))).toThrow(ZodError);
});
