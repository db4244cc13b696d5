import { expect, test } from "vitest";
import type { Finding } from "../backend/contract";
import { forSupport, summary, together } from "./words";

const finding = (id: string, state: Finding["state"], what = "It is so."): Finding => ({
  id,
  state,
  what,
  tookMs: 1,
});

test("what the page finds stands where the station could not look, and what is wrong first", () => {
  const station = [finding("disk", "fine"), finding("microphone", "unlooked"), finding("output", "unlooked")];
  const page = [finding("microphone", "wrong", "It is silent."), finding("ducking", "unlooked")];
  expect(together(station, page).map((f) => `${f.id} ${f.state}`)).toEqual([
    "microphone wrong",
    "disk fine",
    "output unlooked",
    "ducking unlooked",
  ]);
});

test("how many things are wrong is said in a sentence", () => {
  expect(summary([finding("a", "fine")])).toBe("Nothing is wrong.");
  expect(summary([finding("a", "wrong"), finding("b", "unlooked")])).toBe(
    "1 thing is wrong. 1 not looked at.",
  );
});

test("what is copied for support has no whole number in it", () => {
  const text = forSupport(
    [finding("numbers", "wrong", "Calls to +12025550100 and +442079460150 go elsewhere.")],
    new Date(0),
    "Callin 0.2.0 (25dcacf, 2026-11-26)",
  );
  expect(text).toContain("Callin 0.2.0");
  expect(text).toContain("▲ wrong · Numbers and apps: Calls to +12…00 and +44…50 go elsewhere.");
  expect(text).toContain("1970-01-01");
  expect(text).not.toMatch(/\d{6}/);
});
