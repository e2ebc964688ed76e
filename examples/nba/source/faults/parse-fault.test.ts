import { describe, expect, it } from "vitest";
import { parseFault } from "./parse-fault.ts";

describe("the spec of a fault", () => {
  it.each([
    "late",
    "late:share=0.5",
    "late:share=1,requests=3,seed=7",
    "outage:2026-01-10..2026-01-12",
    "outage:2026-01-10..12,requests=5",
    "outage:2026-01-10",
    "partial:2026-01-10..2026-01-12,requests=2",
    "changed-page:2026-01-10..2026-01-12",
    "rate-limit:5",
    "rate-limit:0.5",
    "slow:200",
    "garbage:2026-01-10..2026-01-12",
    "duplicate:2026-01-10..2026-01-12",
    "hang:2026-01-10..2026-01-12,requests=1",
    "disagree",
    "disagree:share=0.02,seed=3",
  ])("can be %s", (spec) => {
    expect(parseFault(spec)).toMatchObject({ spec, kind: { name: spec.split(":")[0] } });
  });

  it.each([
    ["", 'there is no fault ""'],
    ["flood:2026-01-10", 'there is no fault "flood"'],
    ["outage", "what comes after the colon is missing"],
    ["outage:requests=3", "what comes after the colon is missing"],
    ["outage:2026-01-10..2026-01-32", "is not a range of days"],
    ["outage:2026-01-10..2026-01-11..2026-01-12", "is not a range of days"],
    ["outage:2026-01-12..2026-01-10", "ends before it begins"],
    ["outage:2026-01-10,2026-01-11", '"2026-01-11" is one value too many'],
    ["outage:2026-01-10,requests=0", 'requests cannot be "0"'],
    ["outage:2026-01-10,requests=1.5", 'requests cannot be "1.5"'],
    ["outage:2026-01-10,request=1", 'there is no option "request"'],
    ["outage:2026-01-10,requests=1,requests=2", 'the option "requests" is given twice'],
    ["late:5%", '"5%" is not an option'],
    ["late:share=2", "share=2 is not a number from 0 to 1"],
    ["rate-limit:-1", 'the rate per second cannot be "-1"'],
    ["slow:soon", 'the delay in milliseconds cannot be "soon"'],
    ["slow:99999999999", 'the delay in milliseconds cannot be "99999999999"'],
    ["duplicate:2026-01-10,requests=1", 'there is no option "requests"'],
  ])("cannot be %j", (spec, reason) => {
    expect(() => parseFault(spec)).toThrow(reason);
  });

  it("is refused with a hint how to write it", () => {
    expect(() => parseFault("outage:soon")).toThrow(
      'fault "outage:soon": "soon" is not a range of days. Write it as outage:FROM..TO[,requests=3]',
    );
    expect(() => parseFault("flood")).toThrow(
      "Known: slow:MILLISECONDS; rate-limit:REQUESTS_PER_SECOND; hang:FROM..TO",
    );
  });
});
