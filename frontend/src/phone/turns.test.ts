import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { renewsBefore, Turns } from "./turns";

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

test("six lanes renew one after the other, those that are used last, and all before their tokens end", async () => {
  const turns = new Turns();
  const began = Date.now();
  const went: [lane: number, at: number][] = [];
  for (const lane of [0, 1, 2, 3, 4, 5])
    void turns.turn(lane === 0 || lane === 2).then(() => went.push([lane, Date.now() - began]));
  await vi.runAllTimersAsync();
  expect(went.map(([lane]) => lane)).toEqual([1, 3, 4, 5, 0, 2]);
  const times = went.map(([, at]) => at);
  for (const [n, at] of times.entries())
    if (n > 0) expect(at - (times[n - 1] ?? 0)).toBeGreaterThanOrEqual(2_000);
  expect(times.at(-1)).toBeLessThan(renewsBefore - 10_000);
});
