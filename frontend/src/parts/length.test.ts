import { expect, test } from "vitest";
import { clockLength } from "./length";

test("a length is rounded down to seconds and never negative", () => {
  expect([0, 999, 61_000, 3_599_999, 3_600_000, -5].map(clockLength)).toEqual([
    "00:00",
    "00:00",
    "01:01",
    "59:59",
    "1:00:00",
    "00:00",
  ]);
});
