// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Card, Place } from "../backend/contract";
import { inQueue } from "../picture/lists";
import { aCard, online, queued } from "../picture/made";
import { Find } from "./find.svelte";
import { HeldStill } from "./heldstill.svelte";

let cards = $state.raw<Card[]>([]);
let find: Find;
let list: HeldStill;
let box: HTMLElement;
let unwatch: () => void;

/** Calls are single letters, in the order in which they arrived. */
beforeEach(() => {
  vi.useFakeTimers();
  cards = [..."ABCDE"].map((call, at) => aCard(call, { arrived: at, rank: at + 1 }));
  find = new Find(
    () => inQueue(cards, "on-air"),
    () => [],
  );
  list = new HeldStill(
    () => find.ready,
    () => cards,
  );
  document.body.innerHTML = "<div><button></button></div><p></p>";
  box = document.querySelector("div") as HTMLElement;
  unwatch = list.watch(box);
  expect(shown()).toBe("ABCDE");
});
afterEach(() => {
  unwatch();
  vi.useRealTimers();
});

/** The rows as they are shown, those that are kept for who has left in small letters. */
const shown = () => list.rows.map(({ card, gone }) => (gone ? card.call.toLowerCase() : card.call)).join("");
const numbers = () => list.rows.map(({ at }) => at + 1).join("");
const pointer = (kind: string, x = 1, pointerType = "mouse", at: Element | null = box, button = 0) =>
  at?.dispatchEvent(
    new PointerEvent(`pointer${kind}`, {
      bubbles: true,
      pointerId: 7,
      pointerType,
      screenX: x,
      screenY: 1,
      button,
    }),
  );
const key = (kind: string, name: string, more: KeyboardEventInit = {}) =>
  box
    .querySelector("button")
    ?.dispatchEvent(new KeyboardEvent(`key${kind}`, { bubbles: true, key: name, code: name, ...more }));
const hangUp = (call: string) => {
  cards = cards.filter((c) => c.call !== call);
};
const change = (call: string, more: Partial<Card>) => {
  cards = cards.map((c) => (c.call === call ? { ...c, ...more } : c));
};
const ring = (call: string, more: Partial<Card> = {}) => {
  cards = [...cards, aCard(call, { arrived: 9, rank: 9, ...more })];
};

test("nothing is held while no hand is in the list", () => {
  hangUp("A");
  change("E", { rank: 0 });
  expect([shown(), numbers(), list.waits]).toEqual(["EBCD", "1234", ""]);
});

test("under a resting pointer rows keep their places and their numbers until it leaves", () => {
  pointer("move");
  hangUp("A");
  change("E", { rank: 0 });
  change("C", { topic: "Buses" });
  ring("F");
  ring("G", { rank: 1.5 });
  expect([shown(), numbers()]).toEqual(["aBCDEGF", "1234567"]);
  expect(list.rows[2]?.card.topic).toBe("Buses");
  expect(list.waits).toBe("1 gone, another order");
  hangUp("G");
  expect(shown()).toBe("aBCDEgF");
  pointer("leave");
  expect([shown(), numbers(), list.waits]).toEqual(["EBCDF", "12345", ""]);
});

test("it is said how somebody left, and who comes back has their place again", () => {
  pointer("move");
  const went = (to: Place) => {
    change("B", { place: to });
    return list.rows[1]?.gone;
  };
  expect(went({ kind: "park" })).toBe("dropped");
  hangUp("B");
  expect(list.rows[1]?.gone).toBe("dropped");
  ring("B", { rank: 2 });
  expect(shown()).toBe("ABCDE");
  expect(went(online("talking"))).toBe("taken");
  expect(went(queued())).toBeUndefined();
  expect(went(online("deck"))).toBe("on deck");
  expect(went(queued())).toBeUndefined();
  expect(went(queued("screening"))).toBe("in the other list");
  hangUp("C");
  expect(list.rows[2]?.gone).toBe("hung up");
});

test("a pointer that does nothing for four seconds holds no more, until it moves again", () => {
  pointer("move", 1);
  hangUp("A");
  vi.advanceTimersByTime(3_900);
  pointer("move", 2);
  vi.advanceTimersByTime(3_900);
  expect(shown()).toBe("aBCDE");
  vi.advanceTimersByTime(100);
  expect(shown()).toBe("BCDE");
  pointer("move", 2); // the rows have moved, not the pointer
  hangUp("B");
  expect(shown()).toBe("CDE");
  pointer("move", 3);
  hangUp("C");
  expect(shown()).toBe("cDE");
});

test("a button that is held down holds for as long; a finger does so too, and a moment after", () => {
  pointer("move");
  pointer("down");
  hangUp("A");
  vi.advanceTimersByTime(60_000);
  expect(shown()).toBe("aBCDE");
  pointer("up");
  vi.advanceTimersByTime(4_000);
  expect(shown()).toBe("BCDE");

  pointer("move", 5, "touch");
  hangUp("B");
  expect(shown()).toBe("CDE");
  pointer("down", 5, "touch");
  hangUp("C");
  expect(shown()).toBe("cDE");
  pointer("up", 5, "touch");
  pointer("leave", 5, "touch");
  vi.advanceTimersByTime(700);
  expect(shown()).toBe("cDE");
  vi.advanceTimersByTime(100);
  expect(shown()).toBe("DE");
});

test("a button that is released elsewhere, or with another window, holds no more", () => {
  pointer("move");
  pointer("down");
  hangUp("A");
  pointer("leave");
  expect(shown()).toBe("aBCDE");
  pointer("up", 1, "mouse", document.querySelector("p"));
  vi.advanceTimersByTime(800);
  expect(shown()).toBe("BCDE");
  pointer("down");
  hangUp("B");
  dispatchEvent(new Event("blur"));
  expect(shown()).toBe("CDE");
});

test("a button that opens a menu, whose release is not told, holds no longer than the pointer", () => {
  pointer("move");
  pointer("down", 1, "mouse", box, 2);
  hangUp("A");
  expect(shown()).toBe("aBCDE");
  pointer("leave");
  expect(shown()).toBe("BCDE");
});

test("a key that is held down in the list holds it, but not one that moves in it", () => {
  key("down", "Enter");
  hangUp("A");
  vi.advanceTimersByTime(9_000);
  expect(shown()).toBe("aBCDE");
  key("up", "Enter");
  expect(shown()).toBe("BCDE");
  key("down", "Alt", { altKey: true });
  key("down", "ArrowUp", { altKey: true });
  key("down", "c", { ctrlKey: true });
  hangUp("B");
  expect(shown()).toBe("CDE");
});

test("who moves in the list by a key sees it as it is; a button held down still holds it", () => {
  pointer("move");
  hangUp("A");
  list.settle();
  expect(shown()).toBe("BCDE");
  pointer("move", 2);
  pointer("down");
  hangUp("B");
  list.settle();
  expect(shown()).toBe("bCDE");
});

test("one's own change of a place is shown as soon as it comes, and the list is held as it is then", () => {
  pointer("move");
  hangUp("A");
  list.shows("D");
  change("C", { rank: 7 });
  expect(shown()).toBe("aBCDE");
  change("D", { rank: 0 });
  expect(shown()).toBe("DBEC");
  change("B", { rank: 8 });
  expect(shown()).toBe("DBEC");
});

test("one's own change that came while nothing was held lets another one's move nothing later", () => {
  list.shows("D");
  change("D", { rank: 0 });
  expect(shown()).toBe("DABCE");
  pointer("move");
  change("D", { rank: 8 });
  expect(shown()).toBe("DABCE");
});

test("with a find the rows of those who were found keep their places", () => {
  for (const call of "BD") change(call, { topic: "Buses" });
  find.text = "buses";
  expect([shown(), numbers()]).toEqual(["BD", "24"]);
  pointer("move");
  hangUp("A");
  change("B", { topic: "Trains" });
  change("C", { topic: "Buses" });
  expect([shown(), numbers(), list.waits]).toEqual(["BDC", "245", "another order"]);
  pointer("leave");
  expect([shown(), numbers()]).toEqual(["CD", "23"]);
});
