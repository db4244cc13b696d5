import { expect, test } from "vitest";
import type { Card, Place } from "../backend/contract";
import { deskOf, deskWith, orderedWords } from "./desks";
import * as lists from "./lists";
import { aCard, aDesk, aPicture, online, queued } from "./made";
import { news } from "./news";
import { PictureStore } from "./store.svelte";
import type { View } from "./view";
import { nextDoes } from "./words";

const off = (desk: string, state: Place["state"] = "talking"): Place => ({
  kind: "line",
  name: desk ? `desk-${desk}` : "desk",
  state: state ?? "talking",
});

test("who is talked to off air is not on air, whatever desk has them, and is dropped by no Next", () => {
  const cards = [
    aCard("A", { place: online("talking") }),
    aCard("B", { place: off("sam") }),
    aCard("C", { place: off("", "held") }),
  ];
  expect(lists.onAir(cards).map((c) => c.call)).toEqual(["A"]);
  expect(nextDoes(aCard("D"), cards)).toBe("takes D, drops A");
  expect(cards.map((c) => deskOf(c.place))).toEqual([undefined, "sam", ""]);
});

test("a caller is with the desk that gets them, and with it still until they are elsewhere", () => {
  const move = (to: Place) => ({ number: 1, to, began: 0 });
  const with_ = (card: Partial<Card>) => deskWith(aCard("A", card));
  expect(with_({ place: queued("screening"), move: move(off("sam")) })).toBe("sam");
  expect(with_({ place: off("sam"), move: move(off("lou")) })).toBe("lou");
  expect(with_({ place: off("sam"), move: move(queued()) })).toBe("sam");
  expect(with_({ place: off("sam"), move: move(online("talking")) })).toBeUndefined();
});

test("whoever is not to be screened now comes after all who wait, also after who rings later", () => {
  const cards = [aCard("A", { notNow: true, rank: 1 }), aCard("B", { rank: 2 }), aCard("C", { rank: 3 })];
  expect(lists.inQueue(cards, "on-air").map((c) => c.call)).toEqual(["B", "C", "A"]);
});

test("a desk's own callers and the others' are told apart; who talks comes before who is held", () => {
  const store = new PictureStore(() => {});
  store.onPicture({
    ...aPicture([
      aCard("A", { place: off("sam", "held") }),
      aCard("B", { place: off("sam") }),
      aCard("C", { place: off("lou") }),
      aCard("D"),
    ]),
    desks: [aDesk("sam", "producer"), aDesk("lou", "producer")],
    you: "sam",
  });
  expect([store.mine.map((c) => c.call), store.others.map((c) => c.call)]).toEqual([["B", "A"], ["C"]]);
  expect([store.is("producer"), store.is("host", "manager"), store.own?.name]).toEqual([
    true,
    false,
    "desk-sam",
  ]);
});

test("a host's own next and a producer's proposal are told apart, with who said it", () => {
  const desks = [aDesk("Dana", "host"), aDesk("Sam", "producer")];
  expect([
    orderedWords({ desk: "Dana", as: "next" }, desks),
    orderedWords({ desk: "Sam", as: "proposed" }, desks),
    orderedWords({ desk: "Sam", as: "" }, desks),
  ]).toEqual(["made next by Dana", "▲ next, says Sam", undefined]);
});

test("what is said to the host interrupts at a host's desk and nowhere else, and nobody hears themselves", () => {
  const desks = [aDesk("Dana", "host"), aDesk("Sam", "producer"), aDesk("Lou", "producer")];
  const before: View = { ...aPicture([]), desks };
  const said = { at: 0, studio: "", text: "Fire drill" };
  const chat = [
    { ...said, seq: 11, desk: "Sam", toHost: true },
    { ...said, seq: 12, desk: "Sam", studio: "b" },
    { ...said, seq: 13, desk: "Dana", text: "Thanks" },
  ];
  const heard = (you: string) => news({ ...before, you }, { ...before, you, chat });
  expect(heard("Dana")).toMatchObject({ urgent: ["Sam, to the host: Fire drill"], told: [] });
  expect(heard("Sam")).toMatchObject({ urgent: [], told: ["Dana: Thanks"] });
  expect(heard("Lou")).toMatchObject({ urgent: [], told: ["Sam, to the host: Fire drill", "Dana: Thanks"] });
});

test("who is answered off air, held there and hangs up is said; the typing is not", () => {
  const picture: View = { ...aPicture([aCard("A")]), desks: [aDesk("sam", "producer")], you: "sam" };
  const at = (card: Card): View => ({ ...picture, cards: [card] });
  const talks = aCard("A", { place: off("sam") });
  expect(news(picture, at(talks)).told).toEqual(["A talks to you, off air."]);
  expect(news(at(talks), at({ ...talks, topic: "Ferries" })).told).toEqual([]);
  expect(news(at(talks), { ...picture, cards: [] }).urgent).toEqual(["A, with you, hung up."]);
});
