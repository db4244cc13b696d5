// @vitest-environment happy-dom
import { expect, test, vi } from "vitest";
import { followRoom } from "./room";

/** How many times as large the page's type is, in a window of 1600 × 900 that leaves the page so much. */
function zoom(width: number, height: number): number {
  vi.stubGlobal("outerWidth", 1600);
  vi.stubGlobal("outerHeight", 900);
  vi.stubGlobal("innerWidth", width);
  vi.stubGlobal("innerHeight", height);
  followRoom();
  return Number(document.documentElement.style.getPropertyValue("--zoom"));
}

test("type grows with the zoom, and not with what the browser shows beside the page or below it", () => {
  expect(zoom(1600, 800)).toBe(1);
  expect(zoom(800, 400)).toBe(2);
  expect(zoom(1200, 860)).toBe(1);
  expect(zoom(1600, 400)).toBe(1);
});
