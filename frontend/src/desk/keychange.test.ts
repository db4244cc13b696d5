// @vitest-environment happy-dom
import { beforeEach, expect, test, vi } from "vitest";
import { KeyChange } from "./keychange.svelte";
import { KeySet } from "./keyset.svelte";
import type { KeyPress } from "./stroke";

beforeEach(() => {
  localStorage.clear();
  vi.useFakeTimers();
  return () => vi.useRealTimers();
});

function begun(characters = "alone") {
  localStorage.setItem("callin.characterKeys", JSON.stringify(characters));
  const keys = new KeySet();
  const change = new KeyChange(keys);
  change.begin("hold");
  const press = (key: string, more: Partial<KeyPress> = {}) => {
    change.onKey({
      key,
      code: "",
      altKey: false,
      ctrlKey: false,
      metaKey: false,
      shiftKey: false,
      repeat: false,
      ...more,
    });
    return change.told;
  };
  return { keys, change, press };
}

test("one press is the new key", () => {
  const { keys, change, press } = begun();
  expect(press("Alt", { altKey: true })).toBe("");
  expect(press("Y", { altKey: true })).toBe("“Hold or resume” is Alt Y now.");
  expect(keys.key("hold")).toBe("Alt+y");
  expect(change.command).toBeUndefined();
});

test("a key that cannot be had says why, and another one is waited for", () => {
  const { keys, change, press } = begun();
  const refused: [string, Partial<KeyPress>, RegExp][] = [
    ["Tab", {}, /^Tab works/],
    ["Enter", { altKey: true }, /^Enter works/],
    [" ", {}, /^Space works/],
    ["ArrowUp", {}, /^↑ goes through callers/],
    ["5", {}, /^The digits/],
    ["5", { altKey: true }, /^The digits/],
    ["w", { ctrlKey: true }, /^Browsers keep Ctrl W/],
    ["T", { ctrlKey: true, shiftKey: true }, /^Browsers keep Ctrl ⇧T/],
    ["@", { ctrlKey: true, altKey: true }, /^Ctrl and Alt together/],
    ["k", { metaKey: true }, /^The command key/],
    ["Home", { altKey: true }, /^Alt Home always is “?Make next/],
    ["Dead", {}, /^That key cannot/],
    ["AudioVolumeMute", {}, /^That key cannot/],
  ];
  for (const [key, more, words] of refused) {
    expect(press(key, more)).toMatch(words);
    expect(change.command).toBe("hold");
  }
  press("Shift", { shiftKey: true });
  change.onKeyUp("Shift");
  expect(change.told).toMatch(/^That key alone is none/);
  press("Escape");
  expect(change.command).toBeUndefined();
  expect(keys.isStandard).toBe(true);
});

test("another one's key is swapped by a second press that is no doubled first one", () => {
  const { keys, press } = begun();
  expect(press("F10")).toContain("F10 is “Drop the current caller”. Press it again to swap");
  expect(press("F10")).toContain("Press it again");
  expect(keys.isStandard).toBe(true);
  vi.advanceTimersByTime(900);
  expect(press("F6")).toContain("F6 is “Hold or resume the current caller”");
  vi.advanceTimersByTime(900);
  expect(press("F10")).toContain("Press it again");
  vi.advanceTimersByTime(900);
  expect(press("F10")).toBe("“Hold or resume” is F10 now, and “Drop the current caller” is H.");
  expect([keys.key("hold"), keys.key("dropCurrent")]).toEqual(["F10", "h"]);
});

test("a character is had with what is held down for all of them, or not while they are off", () => {
  const { keys, press } = begun("ctrl");
  expect(press("n", { ctrlKey: true })).toMatch(/^Browsers keep Ctrl N/);
  expect(press("y", { ctrlKey: true })).toBe("“Hold or resume” is Ctrl Y now.");
  expect(keys.key("hold")).toBe("y");
  const { change, press: again } = begun("ctrl");
  change.begin("take");
  expect(again("F10")).toMatch(/would be left with Ctrl T, a browser's own/);
  const off = begun("off");
  expect(off.press("y")).toMatch(/are off/);
  expect(off.press("F10")).toMatch(/would be left without a key/);
  expect(off.press("y", { altKey: true })).toBe("“Hold or resume” is Alt Y now.");
});

test("characters are not put on Alt while one with Alt would be two commands' key", () => {
  const { keys, change, press } = begun();
  press("d", { altKey: true });
  change.choose("alt");
  expect(keys.characters).toBe("alone");
  expect(change.told).toBe(
    "Not done: Alt D would be the key of “Hold or resume” and of “Drop”. Change one of them first.",
  );
  change.choose("ctrl");
  expect(keys.characters).toBe("ctrl");
});
