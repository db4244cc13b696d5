import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Card } from "../backend/contract";
import { aCard, aPicture, online, queued } from "../picture/made";
import type { View } from "../picture/view";
import { Announcer } from "./announcer.svelte";

beforeEach(() => void vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] }));
afterEach(() => void vi.useRealTimers());

/** Pictures as they follow one another, and what is said of it. */
class Said {
  readonly #announcer = new Announcer();
  #picture: View;
  #heard = 0;

  constructor(...cards: Card[]) {
    this.#picture = aPicture(cards);
    this.#announcer.saw(this.#picture);
  }

  /** What is said of a change; urgent sentences are marked. */
  of(change: Partial<View> | ((cards: Card[]) => Card[]), ms = 0): string[] {
    const { cards } = this.#picture;
    const more = typeof change === "function" ? { cards: change(cards) } : change;
    this.#picture = { ...this.#picture, ...more };
    this.#announcer.saw(this.#picture);
    return this.after(ms);
  }

  after(ms: number): string[] {
    vi.advanceTimersByTime(ms);
    const { polite, urgent } = this.#announcer;
    const all = [...polite, ...urgent.map((u) => ({ ...u, text: `! ${u.text}` }))]
      .sort((a, b) => a.id - b.id)
      .filter((s) => s.id > this.#heard);
    this.#heard = all.at(-1)?.id ?? this.#heard;
    return all.map((s) => s.text);
  }

  line(more: Partial<View["lines"][number]>): string[] {
    return this.of({ lines: this.#picture.lines.map((l) => ({ ...l, ...more })) });
  }

  show(state: View["show"]["state"]): string[] {
    return this.of({ show: { ...this.#picture.show, state } });
  }
}

const change = (call: string, more: Partial<Card>) => (cards: Card[]) =>
  cards.map((c) => (c.call === call ? { ...c, ...more } : c));
const gone = (call: string) => (cards: Card[]) => cards.filter((c) => c.call !== call);

test("who comes to air, is held, dropped, brought back and let go of is said, whoever did it", () => {
  const said = new Said(aCard("Ana"), aCard("Ben"));
  expect(said.of(change("Ana", { place: online("talking") }))).toEqual(["Ana on air."]);
  expect(said.of(change("Ana", { place: online("held") }))).toEqual(["Ana on hold."]);
  expect(said.of(change("Ana", { place: online("talking") }))).toEqual(["Ana back on air."]);
  expect(said.of(change("Ben", { place: online("deck") }))).toEqual(["Ben on deck."]);
  expect(said.of(change("Ana", { place: { kind: "park" } }))).toEqual([
    "Ana dropped. Undo within 10 seconds.",
  ]);
  expect(said.of(change("Ana", { place: online("talking") }))).toEqual(["Ana back on air."]);
  expect(said.of(change("Ana", { place: { kind: "park" } }))).toEqual([
    "Ana dropped. Undo within 10 seconds.",
  ]);
  expect(said.of(change("Ana", { place: { kind: "closing" } }))).toEqual(["Ana is gone."]);
  expect(said.of(gone("Ana"))).toEqual([]);
});

test("locks, what was typed, the order, queues and what failed are said", () => {
  const said = new Said(aCard("Ana", { rank: 1 }), aCard("Ben", { rank: 2 }), aCard("Cleo", { rank: 3 }));
  expect(said.of(change("Ana", { locked: true }))).toEqual(["Ana locked."]);
  expect(said.of(change("Ana", { locked: false }))).toEqual(["Ana unlocked."]);
  expect(said.of(change("Ben", { location: "Leeds", topic: "roundabout" }))).toEqual([
    "Saved: Ben, Leeds, roundabout.",
  ]);
  expect(said.of(change("Ana", { rank: 4 }))).toEqual(["Ana is now 3 of 3."]);
  expect(said.of(change("Ana", { rank: 2.5 }))).toEqual(["Ana is now 2 of 3."]);
  // Others are numbered anew with who moved.
  expect(
    said.of((cards) => cards.map((c) => ({ ...c, rank: ["Ana", "Ben", "Cleo"].indexOf(c.call) }))),
  ).toEqual(["Ana is now 1 of 3."]);
  expect(said.of(change("Ben", { place: queued("screening") }))).toEqual(["Ben set aside."]);
  expect(said.of(change("Ben", { place: queued() }))).toEqual(["Ben made ready, 2 of 3."]);
  expect(said.of(change("Ben", { trouble: { code: "x", message: "Twilio is down.", at: 5 } }))).toEqual([
    "Ben: Twilio is down.",
  ]);
});

test("who hangs up on air interrupts; who was next is named with who is next now", () => {
  const said = new Said(
    aCard("Ana", { place: online("talking") }),
    aCard("Ben", { place: online("held") }),
    aCard("Cleo"),
    aCard("Dev", { location: "Leeds" }),
  );
  expect(said.of(gone("Ana"))).toEqual(["! Ana, on air, hung up."]);
  expect(said.of(gone("Ben"))).toEqual(["Ben, on hold, hung up."]);
  expect(said.of({ next: "Cleo" })).toEqual([]);
  expect(said.of({ cards: [aCard("Dev", { location: "Leeds" })], next: "Dev" })).toEqual([
    "Cleo, who was next, hung up. Next is Dev, Leeds.",
  ]);
});

test("a crowd that rings and hangs up is a sentence now and then", () => {
  const said = new Said();
  const ring =
    (...calls: string[]) =>
    (cards: Card[]) => [...cards, ...calls.map((call) => aCard(call))];
  said.of({ next: "Maria" });
  const maria = aCard("Maria", { location: "Leeds", topic: "roundabout" });
  expect(said.of({ cards: [{ ...maria, place: { kind: "arriving" } }] }, 2_000)).toEqual([]);
  expect(said.of({ cards: [maria] })).toEqual([]);
  expect(said.after(1_000)).toEqual(["Maria rings. 1 waiting, next Maria, Leeds, roundabout."]);
  expect(said.of(ring("Tom"), 2_000)).toEqual([]);
  expect(said.of(ring("Eve", "Joe"), 2_000)).toEqual([]);
  expect(said.of(gone("Joe"), 2_000)).toEqual([]);
  expect(said.after(5_000)).toEqual(["2 ring. 3 waiting, next Maria, Leeds, roundabout."]);
  expect(said.of(gone("Eve"), 9_000)).toEqual(["Eve hung up. 2 waiting, next Maria, Leeds, roundabout."]);
});

test("the show's turns are said, with how long its end can be taken back", () => {
  const said = new Said();
  expect(said.show("stopping")).toEqual(["The show closes in 10 seconds. Until then it can be kept open."]);
  expect(said.show("open")).toEqual(["The show stays open."]);
  for (const [state, words] of [
    ["closing", "The show is closing."],
    ["closed", "The show is closed."],
    ["opening", "The show is opening."],
    ["open", "The show is open."],
  ] as const)
    expect(said.show(state)).toEqual([words]);
});

test("a lost phone interrupts; with somebody on air the desk's own alert says it, and that they are held", () => {
  const said = new Said(aCard("Ana"));
  said.line({ phone: true });
  expect(said.line({ phone: false })).toEqual(["! The phone was lost."]);
  said.line({ phone: true });
  expect(said.line({ phone: false, byHand: true })).toEqual([]);
  said.line({ phone: true });
  said.of(change("Ana", { place: online("talking") }));
  expect(said.line({ phone: false, byHand: false })).toEqual([]);
  expect(said.line({ lost: ["Ana"] })).toEqual([]);
  expect(said.of(change("Ana", { place: online("held") }))).toEqual([]);
});

test("after a break of the feed it is said what is now, not everything that was", () => {
  const said = new Said(...[..."abcdefghij"].map((call) => aCard(call)));
  expect(said.of((cards) => cards.map((c) => ({ ...c, place: queued("screening"), locked: true })))).toEqual([
    "0 waiting, 10 set aside, nobody is next.",
  ]);
});
