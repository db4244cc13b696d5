import { expect, test, vi } from "vitest";
import { clock } from "./clock.svelte";
import { clockLength } from "./time";

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

test("the ticker goes by Callin's clock and ticks on its full seconds", () => {
  vi.useFakeTimers({ now: 1_000_000 });
  clock.correct(5_000_400);
  const stop = clock.start();
  expect(clock.now).toBe(5_000_400);
  vi.advanceTimersByTime(599);
  expect(clock.now).toBe(5_000_400);
  vi.advanceTimersByTime(1);
  expect(clock.now).toBe(5_001_000);
  stop();
  vi.advanceTimersByTime(5000);
  expect(clock.now).toBe(5_001_000);
  vi.useRealTimers();
});
