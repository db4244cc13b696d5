import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Confirmation } from "./confirmation.svelte";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test("the second press is sure, the third is a first one again", () => {
  const confirmation = new Confirmation();
  expect(confirmation.press("close")).toBe(false);
  expect(confirmation.awaited).toBe("close");
  vi.advanceTimersByTime(3_600_000);
  expect(confirmation.press("close")).toBe(true);
  expect(confirmation.awaited).toBeUndefined();
  expect(confirmation.press("close")).toBe(false);
});

test("a press for something else confirms neither", () => {
  const confirmation = new Confirmation();
  const presses = ["Ana", "Ben", "Ana", "Ana"].map((who) => {
    vi.advanceTimersByTime(1000);
    return confirmation.press(who);
  });
  expect(presses).toEqual([false, false, false, true]);
});

test("a doubled first press is no second one", () => {
  const confirmation = new Confirmation(3000);
  confirmation.press("close");
  vi.advanceTimersByTime(600);
  expect(confirmation.press("close")).toBe(false);
  vi.advanceTimersByTime(200);
  expect(confirmation.press("close")).toBe(true);
});

test("the second press must come in time, counted from the last first one", () => {
  const confirmation = new Confirmation(3000);
  confirmation.press("close");
  vi.advanceTimersByTime(2999);
  expect(confirmation.press("close")).toBe(true);
  confirmation.press("close");
  vi.advanceTimersByTime(2999);
  expect(confirmation.awaited).toBe("close");
  vi.advanceTimersByTime(1);
  expect(confirmation.awaited).toBeUndefined();
  expect(confirmation.press("close")).toBe(false);
});
