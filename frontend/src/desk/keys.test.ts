import { expect, test } from "vitest";
import { bindings, commandFor, type Focus, type KeyPress } from "./keys";

const desk: Focus = { typing: false, onControl: false, characters: true };
const press = (key: string, more: Partial<KeyPress> = {}): KeyPress => ({
  key,
  altKey: false,
  ctrlKey: false,
  metaKey: false,
  shiftKey: false,
  repeat: false,
  ...more,
});

test("every binding of the table is found by its own key", () => {
  for (const b of bindings) {
    const key = b.with === "shift" ? b.key.toUpperCase() : b.key;
    const how = press(key, { altKey: b.with === "alt", shiftKey: b.with === "shift" });
    expect(commandFor(how, desk), b.cap).toBe(b.command);
  }
});

test("digits take, letters work with Caps Lock, signs with or without Shift", () => {
  expect(commandFor(press("3"), desk)).toBe("take3");
  expect(commandFor(press("0"), desk)).toBeUndefined();
  expect(commandFor(press("T"), desk)).toBe("take");
  expect(commandFor(press("?", { shiftKey: true }), desk)).toBe("keys");
  expect(commandFor(press("*", { shiftKey: true }), desk)).toBe("nextDirect");
});

test("while somebody types only function keys and Esc are commands", () => {
  const typing = { ...desk, typing: true };
  for (const key of ["d", "1", "ArrowUp", "Enter", "?"])
    expect(commandFor(press(key), typing)).toBeUndefined();
  expect(commandFor(press("F1"), typing)).toBe("next");
  expect(commandFor(press("F10"), typing)).toBe("dropCurrent");
  expect(commandFor(press("Escape"), typing)).toBe("cancel");
});

test("the browser keeps its own: Ctrl and the Mac's command key, Enter on a button", () => {
  expect(commandFor(press("d", { ctrlKey: true }), desk)).toBeUndefined();
  expect(commandFor(press("m", { metaKey: true }), desk)).toBeUndefined();
  expect(commandFor(press("Enter"), { ...desk, onControl: true })).toBeUndefined();
});

test("a key held down does not drop everybody; arrows go on", () => {
  expect(commandFor(press("F10", { repeat: true }), desk)).toBeUndefined();
  expect(commandFor(press("ArrowUp", { repeat: true, altKey: true }), desk)).toBeUndefined();
  expect(commandFor(press("ArrowDown", { repeat: true }), desk)).toBe("down");
});

test("character keys can be switched off, the others stay", () => {
  const off = { ...desk, characters: false };
  for (const key of ["d", "5", "*"]) expect(commandFor(press(key), off)).toBeUndefined();
  expect(commandFor(press("F6"), off)).toBe("holdCurrent");
  expect(commandFor(press("ArrowDown"), off)).toBe("down");
});
