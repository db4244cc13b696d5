import { expect, test, vi } from "vitest";
import { clock } from "./clock.svelte";

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
