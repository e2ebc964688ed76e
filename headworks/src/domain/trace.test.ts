// Tests of W3C Trace Context: what is read, what is refused, what is passed on.

import fc from "fast-check";
import { expect, test } from "vitest";
import { childContext, findTraceContext, formatTraceparent } from "./trace.ts";

const TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
const SPAN = "00f067aa0ba902b7";

const hex = (digits: number) =>
  fc
    .array(fc.constantFrom(..."0123456789abcdef"), { minLength: digits, maxLength: digits })
    .map((characters) => characters.join(""))
    .filter((text) => /[^0]/.test(text));
const aContext = fc.record({ traceId: hex(32), spanId: hex(16) });

test("the example of the standard is read", () => {
  expect(findTraceContext(`00-${TRACE}-${SPAN}-01`)).toEqual({ traceId: TRACE, spanId: SPAN });
});

test("a parent that asks not to be sampled is a parent too", () => {
  expect(findTraceContext(`00-${TRACE}-${SPAN}-00`)).toEqual({ traceId: TRACE, spanId: SPAN });
});

test.each([
  ["nothing", ""],
  ["an all-zero trace", `00-${"0".repeat(32)}-${SPAN}-01`],
  ["an all-zero span", `00-${TRACE}-${"0".repeat(16)}-01`],
  ["upper-case digits", `00-${TRACE.toUpperCase()}-${SPAN}-01`],
  ["the forbidden version", `ff-${TRACE}-${SPAN}-01`],
  ["a short trace", `00-${TRACE.slice(1)}-${SPAN}-01`],
  ["missing flags", `00-${TRACE}-${SPAN}`],
  ["something appended", `00-${TRACE}-${SPAN}-01-more`],
  ["a line break at the end", `00-${TRACE}-${SPAN}-01\n`],
])("a traceparent with %s is refused", (_fault, traceparent) => {
  expect(findTraceContext(traceparent)).toBeUndefined();
});

test("what is written is read back the same", () => {
  fc.assert(
    fc.property(aContext, (context) => {
      expect(findTraceContext(formatTraceparent(context))).toEqual(context);
    }),
  );
});

test("no text whatever makes the reader throw", () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      const context = findTraceContext(text);
      expect(context === undefined || formatTraceparent(context).slice(0, -2) === text.slice(0, -2)).toBe(
        true,
      );
    }),
  );
});

test("a child stays in its parent's trace and has a span of its own", () => {
  const child = childContext({ traceId: TRACE, spanId: SPAN }, (digits) => "b".repeat(digits));
  expect(child).toEqual({ traceId: TRACE, spanId: "b".repeat(16) });
});

test("without a parent a trace begins, and its traceparent is well-formed", () => {
  const root = childContext(undefined, (digits) => "c".repeat(digits));
  expect(findTraceContext(formatTraceparent(root))).toEqual({
    traceId: "c".repeat(32),
    spanId: "c".repeat(16),
  });
});
