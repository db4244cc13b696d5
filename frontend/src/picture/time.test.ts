import { expect, test, vi } from "vitest";
import { clock } from "./clock.svelte";
import { PictureStore } from "./store.svelte";

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

test("a wait does not change when this computer's clock is put, until Callin has heeded it", () => {
  vi.useFakeTimers({ now: 1_000_000 });
  clock.correct(1_000_000);
  const stop = clock.start();
  vi.advanceTimersByTime(2000);
  for (const put of [3_600_000, -7_200_000]) {
    const before = clock.now;
    vi.setSystemTime(Date.now() + put);
    vi.advanceTimersByTime(3000);
    expect(clock.now - before).toBe(3000);
  }
  new PictureStore(() => {}).onChanges([{ seq: 9, now: 5_000_000 }]);
  expect(clock.now).toBe(5_000_000);
  stop();
  vi.useRealTimers();
});
