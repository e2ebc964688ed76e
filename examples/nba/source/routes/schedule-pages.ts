// GET /pages/schedule/:year/:month.html: a month of the season that ends in that year, as a saved web page.

import { monthDays } from "headworks-example-kit/days.ts";
import { routeOf } from "../routing.ts";

const MONTHS = [
  "january",
  "february",
  "march",
  "april",
  "may",
  "june",
  "july",
  "august",
  "september",
  "october",
  "november",
  "december",
];
/** Months from this one on belong to the year before the one in which the season ends. */
const FIRST_OF_AUTUMN = 8;

export const schedulePages = routeOf("schedulePage", {
  resource: "schedule-pages",
  path: "/pages/schedule/:year/:page",
  daysOf({ year = "", page = "" }) {
    const month = MONTHS.indexOf(page.replace(/\.html$/, ""));
    if (month < 0 || !/^\d{4}$/.test(year)) return undefined;
    return monthDays(month >= FIRST_OF_AUTUMN ? Number(year) - 1 : Number(year), month + 1);
  },
  answer(schedulePage, { parameters: { year = "", page = "" } }) {
    const { status, html } = schedulePage(year, /^([a-z]+)\.html$/.exec(page)?.[1] ?? "");
    return { kind: "raw", status, contentType: "text/html; charset=utf-8", text: html };
  },
});
