import { expect, test } from "vitest";
import type { Card } from "../backend/contract";
import { current, inQueue, onAir, orderBefore, setAside, waits } from "./lists";
import { aCard, aPicture, online, queued } from "./made";
import { news } from "./news";
import { going, names, nextDoes, nextKeeps, nobodyNext, spaced, title } from "./words";

const order = (cards: Card[]) => cards.map((c) => c.call).join("");

test("a queue is in the order of ranks, then of arrival", () => {
  const cards = [
    aCard("A", { rank: 2 }),
    aCard("B", { rank: -1.5 }),
    aCard("C", { rank: 2, arrived: -5 }),
    aCard("D", { place: queued("screening"), rank: -9 }),
    aCard("E", { place: online("talking") }),
  ];
  expect(order(inQueue(cards, "on-air"))).toBe("BCA");
});

test("everybody in another queue is set aside, also in one that the show does not name", () => {
  const cards = [
    aCard("A"),
    aCard("B", { place: queued("old") }),
    aCard("C", { place: queued("screening"), rank: 2 }),
    aCard("D", { place: queued("screening"), rank: 1 }),
  ];
  expect(order(setAside(cards, ["on-air", "screening"]))).toBe("DCB");
});

test("a card on the line stays in its place when it is held; those on deck come last", () => {
  const cards = [
    aCard("A", { place: online("deck"), arrived: 1 }),
    aCard("B", { place: online("held"), arrived: 2 }),
    aCard("C", { place: { kind: "bridge" }, arrived: 3 }),
    aCard("D", { place: { kind: "park" } }),
  ];
  expect(order(onAir(cards))).toBe("BCA");
});

test("the current one is who came on air last, else who was held last", () => {
  const first = aCard("A", { place: online("talking"), since: 1 });
  const second = aCard("B", { place: online("talking"), since: 2 });
  const held = aCard("C", { place: online("held"), since: 9 });
  expect(current([first, second, held])).toBe(second);
  expect(current([held, { ...first, place: online("held") }])).toBe(held);
  expect(current([aCard("D", { place: online("deck") })])).toBeUndefined();
});

test("one place up or down names the card that follows the new place", () => {
  const queue = [aCard("A"), aCard("B"), aCard("C")];
  expect(orderBefore(queue, "B", -1)).toEqual({ before: "A" });
  expect(orderBefore(queue, "A", 1)).toEqual({ before: "C" });
  expect(orderBefore(queue, "B", 1)).toEqual({});
  expect(orderBefore(queue, "A", -1)).toBeUndefined();
  expect(orderBefore(queue, "C", 1)).toBeUndefined();
});

test("waits count from the arrival, whatever queue it is", () => {
  const cards = [
    aCard("A", { arrived: 1000, since: 9000 }),
    aCard("B", { arrived: 7000, place: queued("screening") }),
    aCard("C", { place: online("talking") }),
  ];
  expect(waits(cards, 10_000)).toEqual({ waiting: 2, average: 6000, longest: 9000 });
  expect(waits([], 10_000)).toEqual({ waiting: 0, average: 0, longest: 0 });
});

test("Next says whom it takes, drops and keeps", () => {
  const next = aCard("Abdul");
  const maria = aCard("Maria", { place: online("talking") });
  const tom = aCard("Tom", { place: online("held") });
  expect(nextDoes(next, [])).toBe("takes Abdul");
  expect(nextDoes(next, [maria, tom])).toBe("takes Abdul, drops Maria");
  expect(nextKeeps([maria, tom])).toBe("keeps Tom (held)");
  expect(nextKeeps([maria])).toBe("");
  expect(nextDoes(next, [maria, aCard("Ana", { place: { kind: "bridge" } })])).toBe(
    "takes Abdul, drops Maria and Ana",
  );
  const keep = [{ ...maria, locked: true }, aCard("Eve", { place: online("deck") })];
  expect(nextDoes(next, keep)).toBe("takes Abdul");
  expect(nextKeeps(keep)).toBe("keeps Maria (locked), Eve (on deck)");
});

test("who goes from one lane to another is said to, and where they are then", () => {
  const on = (name: string, state: "talking" | "deck" | "held" = "talking") => ({ ...online(state), name });
  expect(going(on("lane3"), on("studio"), "on-air")).toBe("moving to lane 3");
  expect(going(on("studio-b", "held"), on("lane6-b", "held"), "on-air")).toBe("moving to lane 1");
  expect(going(on("lane3"), on("lane2", "deck"), "on-air")).toBe("going to air");
  expect(going(on("lane2", "held"), on("lane2"), "on-air")).toBe("being put on hold");
  expect(going(on("lane2"), { ...online("talking"), name: "desk-b" }, "on-air")).toBe("going to air");
  const moved = (place: Card["place"]) => aPicture([aCard("Ana", { place })]);
  expect(news(moved(on("studio")), moved(on("lane3"))).told).toEqual(["Ana on lane 3."]);
});

test("when nobody is next it says why", () => {
  const locked = aCard("A", { locked: true });
  expect(nobodyNext(aPicture([]), [], [])).toBe("Nobody is waiting.");
  expect(nobodyNext(aPicture([]), [], [locked, locked])).toBe("Nobody is ready: 2 wait to be made ready.");
  expect(nobodyNext(aPicture([locked]), [locked], [])).toBe("Everyone who is ready is locked.");
  const closed = aPicture([]);
  closed.show.state = "closed";
  expect(nobodyNext(closed, [], [])).toContain("closed");
});

test("a caller is called by name, by number, or withheld", () => {
  expect(title({ name: "Maria", number: "+15550102000" })).toBe("Maria");
  expect(title({ name: "", number: "+15550102000" })).toBe("+1 555 010 2000");
  expect(title({ name: "", number: "" })).toBe("withheld");
  expect(spaced("+442071838750")).toBe("+442 071 838 750");
  expect(names([aCard("A"), aCard("B"), aCard("C")])).toBe("A, B and C");
});

test("a move under way says where it goes", () => {
  expect(going(online("talking"), queued(), "on-air")).toBe("going to air");
  expect(going(online("talking"), online("held"), "on-air")).toBe("being resumed");
  expect(going(queued(), queued("screening"), "on-air")).toBe("being made ready");
  expect(going(queued("screening"), queued(), "on-air")).toBe("being moved to screening");
});
