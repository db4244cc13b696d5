// @vitest-environment happy-dom
import { expect, test, vi } from "vitest";
import { onKey } from "./command";
import type { Desk } from "./desk.svelte";
import { keySet } from "./keyset.svelte";

/** A desk with nobody on air: what a press does is said, or goes through the callers. */
function aDesk() {
  const tell = vi.fn();
  const step = vi.fn(() => true);
  const desk = {
    keyChange: {},
    editing: { leftAt: Number.NEGATIVE_INFINITY },
    store: {},
    notices: { tell },
    selection: { step },
    settle: () => {},
  };
  return { desk: desk as unknown as Desk, tell, step };
}

/** Presses a key; true if the browser does nothing of its own then. */
function press(desk: Desk, key: string, more: KeyboardEventInit = {}): boolean {
  const event = new KeyboardEvent("keydown", { key, cancelable: true, ...more });
  onKey(desk, event);
  return event.defaultPrevented;
}
const held = { repeat: true };

test("a key held down is one press, and the browser's own at no time; arrows go on", () => {
  const { desk, tell, step } = aDesk();
  expect(press(desk, "F10")).toBe(true);
  expect(press(desk, "F10", held)).toBe(true);
  expect(tell).toHaveBeenCalledTimes(1);
  for (let n = 0; n < 3; n++) expect(press(desk, "ArrowDown", held)).toBe(true);
  expect(step).toHaveBeenCalledTimes(3);
});

test("a key that was set reloads nothing and goes nowhere while it is held down", () => {
  const { desk } = aDesk();
  keySet.set("dropCurrent", "F5");
  keySet.set("holdCurrent", "Alt+ArrowLeft");
  expect(press(desk, "F5", held)).toBe(true);
  expect(press(desk, "ArrowLeft", { ...held, altKey: true })).toBe(true);
  keySet.backToStandard();
  expect(press(desk, "F5", held)).toBe(false);
});
