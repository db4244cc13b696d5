import { expect, test } from "vitest";
import { Clip } from "./insert";

test("a clip is held for ten seconds, or until somebody has seen it", () => {
  const clip = new Clip();
  expect(clip.isHeld(0)).toBe(false);
  clip.see(1_000);
  clip.see(2_000);
  expect([11_999, 12_000].map(clip.isHeld)).toEqual([true, false]);
  clip.see(20_000);
  clip.seen();
  expect(clip.isHeld(20_001)).toBe(false);
});
