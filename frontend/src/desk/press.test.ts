// @vitest-environment happy-dom
import { beforeEach, expect, test } from "vitest";
import { bindings } from "./keys";
import { KeySet } from "./keyset.svelte";
import { commandFor, type Focus } from "./press";
import { type KeyPress, partsOf } from "./stroke";

const desk: Focus = { typing: false, onControl: false };
const typing: Focus = { ...desk, typing: true };
const press = (key: string, more: Partial<KeyPress> = {}): KeyPress => ({
  key,
  code: "",
  altKey: false,
  ctrlKey: false,
  metaKey: false,
  shiftKey: false,
  repeat: false,
  ...more,
});
const ctrl = { ctrlKey: true };
const alt = { altKey: true };
const shift = { shiftKey: true };

/** The keys as a browser has kept them. */
function keys(characters: unknown = "alone", changed: unknown = {}): KeySet {
  localStorage.setItem("callin.characterKeys", JSON.stringify(characters));
  localStorage.setItem("callin.keys", JSON.stringify(changed));
  return new KeySet();
}
beforeEach(() => localStorage.clear());

/** The press of a stroke as a keyboard makes it. */
function pressOf(stroke: string): KeyPress {
  const { held, key } = partsOf(stroke);
  const has = (name: string) => held.includes(name);
  const says = has("Shift") && key.length === 1 ? key.toUpperCase() : key;
  return press(says, { ctrlKey: has("Ctrl"), altKey: has("Alt"), shiftKey: has("Shift") });
}

test("every command of the table is found by its own key, and by its second one", () => {
  const standard = new KeySet();
  for (const b of bindings)
    for (const key of [b.key, b.also ?? b.key])
      expect(commandFor(pressOf(key), desk, standard), key).toBe(b.command);
});

test("digits take, letters work with Caps Lock, signs with or without Shift", () => {
  const standard = keys();
  expect(commandFor(press("3"), desk, standard)).toBe("take3");
  expect(commandFor(press("3", alt), desk, standard)).toBe("place3");
  expect(commandFor(press("0"), desk, standard)).toBeUndefined();
  expect(commandFor(press("T"), desk, standard)).toBe("take");
  expect(commandFor(press("?", shift), desk, standard)).toBe("keys");
  expect(commandFor(press("*", shift), desk, standard)).toBe("nextDirect");
});

test("while somebody types only function keys, Esc, and Alt with what is for the air are commands", () => {
  const set = keys("alone", { dropCurrent: "Alt+d", holdCurrent: "Ctrl+h", next: "x", deck: "Alt+k" });
  for (const how of [
    press("d"),
    press("1"),
    press("ArrowUp"),
    press("Enter"),
    press("?"),
    press("x"),
    press("h", ctrl),
    press("k", alt),
  ])
    expect(commandFor(how, typing, set), how.key).toBeUndefined();
  expect(commandFor(press("d", alt), typing, set)).toBe("dropCurrent");
  expect(commandFor(press("F1"), typing, keys())).toBe("next");
  expect(commandFor(press("F10"), typing, keys())).toBe("dropCurrent");
  expect(commandFor(press("Escape"), typing, keys())).toBe("cancel");
});

test("the browser keeps its own: Ctrl and the Mac's command key, Enter on a button", () => {
  expect(commandFor(press("d", ctrl), desk, keys())).toBeUndefined();
  expect(commandFor(press("m", { metaKey: true }), desk, keys())).toBeUndefined();
  expect(commandFor(press("Enter"), { ...desk, onControl: true }, keys())).toBeUndefined();
});

test("characters are keys on their own, with Ctrl, with Alt, or not at all; all other keys stay", () => {
  const ways = { alone: {}, ctrl, alt };
  for (const characters of ["alone", "ctrl", "alt", "off"] as const) {
    const set = keys(characters);
    for (const [way, held] of Object.entries(ways)) {
      const is = way === characters;
      const found = (key: string, more = {}) => commandFor(press(key, { ...held, ...more }), desk, set);
      expect(found("d"), `${way} D, ${characters}`).toBe(is ? "drop" : undefined);
      expect(found("R", shift), `${way} ⇧R, ${characters}`).toBe(is ? "sheet" : undefined);
      expect(found("/", shift), `${way} /, ${characters}`).toBe(is ? "find" : undefined);
      const places = characters === "alt" ? "ctrl" : "alt";
      expect(found("5"), `${way} 5, ${characters}`).toBe(
        is ? "take5" : way === places ? "place5" : undefined,
      );
    }
    expect(commandFor(press("F6"), desk, set)).toBe("holdCurrent");
    expect(commandFor(press("ArrowDown"), desk, set)).toBe("down");
    expect(commandFor(press("End", alt), desk, set)).toBe("makeLast");
    expect(commandFor(press("a", { ...ctrl, ...alt }), desk, set)).toBeUndefined(); // AltGr
  }
});

test("with Ctrl a field keeps what it copies and pastes by, and with Alt what is typed", () => {
  for (const key of ["a", "c", "v", "z"]) {
    expect(commandFor(press(key, ctrl), typing, keys("ctrl"))).toBeUndefined();
    expect(commandFor(press(key, alt), typing, keys("alt"))).toBeUndefined();
  }
});

test("what macOS types with Option is known by the key that it is printed on", () => {
  const set = keys("alt");
  expect(commandFor(press("∂", { ...alt, code: "KeyD" }), desk, set)).toBe("drop");
  expect(commandFor(press("Dead", { ...alt, code: "KeyE" }), desk, set)).toBe("edit");
  expect(commandFor(press("‰", { ...alt, ...shift, code: "KeyR" }), desk, set)).toBe("sheet");
  expect(commandFor(press("¡", { ...alt, code: "Digit1" }), desk, set)).toBe("take1");
  // Elsewhere the key says what is printed on it, wherever it lies.
  expect(commandFor(press("a", { ...alt, code: "KeyQ" }), desk, set)).toBe("sayAir");
  expect(commandFor(press("*", { ...alt, ...shift, code: "Digit8" }), desk, set)).toBe("nextDirect");
});

test("a changed key is the command's, and the one of before is nobody's", () => {
  const set = keys("alone", { dropCurrent: "Alt+d", lock: "F7" });
  expect(commandFor(press("d", alt), desk, set)).toBe("dropCurrent");
  expect(commandFor(press("F10"), desk, set)).toBeUndefined();
  expect(commandFor(press("F7"), typing, set)).toBe("lock");
  expect(commandFor(press("l"), desk, set)).toBeUndefined();
});

test("who has a key gets the other one's in its stead", () => {
  const set = new KeySet();
  set.set("hold", "F10");
  expect(commandFor(press("F10"), desk, set)).toBe("hold");
  expect(commandFor(press("h"), desk, set)).toBe("dropCurrent");
  const again = new KeySet();
  expect(commandFor(press("h"), desk, again)).toBe("dropCurrent");
  again.backToStandard();
  expect(commandFor(press("F10"), desk, again)).toBe("dropCurrent");
  expect(localStorage.getItem("callin.keys")).toBe("{}");
});

test("what was kept until there were four ways still holds", () => {
  expect(keys(true).characters).toBe("alone");
  expect(keys(false).characters).toBe("off");
});

test("whatever is kept, every command has one key that it may have, and no two have the same", () => {
  const hostile: unknown[] = [
    null,
    7,
    "F10",
    [],
    ["F10", "F10"],
    { nothing: "F2", constructor: "F3" },
    JSON.parse('{"__proto__": {"drop": "F2"}}'),
    { drop: null, hold: 3, lock: {}, mute: ["m"], take: "" },
    { drop: "Escape", hold: "Tab", lock: "Enter", mute: " ", take: "5", deck: "Alt+5", aside: "ArrowUp" },
    { drop: "Ctrl+w", hold: "Ctrl+Shift+t", lock: "Alt+F4", mute: "F11", take: "Alt+Home" },
    {
      drop: "D",
      hold: "Alt+Ctrl+x",
      lock: "Shift+?",
      mute: "F25",
      take: "Hyper",
      deck: "\u202e",
      find: "xy",
    },
    { cancel: "F2", up: "F3" },
    { drop: "F2", hold: "F2" },
    { drop: "h" },
    { drop: "h", hold: "l", lock: "k" },
  ];
  for (const changed of hostile)
    for (const characters of ["alone", "ctrl", "alt", "off", 4, null]) {
      const set = keys(characters, changed);
      const about = JSON.stringify([changed, characters]);
      for (const { command, key } of bindings) expect(set.key(command), about).toBe(key);
    }
  for (const raw of ["{", "", "undefined"]) {
    localStorage.setItem("callin.keys", raw);
    localStorage.setItem("callin.characterKeys", raw);
    expect(new KeySet().isStandard).toBe(true);
  }
  // What is right beside what is wrong holds.
  const mixed = keys("alone", { drop: "F7", hold: "F3", lock: "F3", nothing: 1 });
  expect(["drop", "hold", "lock"].map((c) => mixed.key(c as "drop"))).toEqual(["F7", "h", "l"]);
  // With Alt for all characters this would be two commands' key.
  expect(keys("alt", { dropCurrent: "Alt+d" }).key("dropCurrent")).toBe("F10");
  expect(keys("alone", { dropCurrent: "Alt+d" }).clash("alt")).toEqual(["dropCurrent", "drop"]);
});
