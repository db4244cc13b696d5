// @vitest-environment happy-dom
import { beforeEach, expect, test } from "vitest";
import type { Backend } from "../backend/backend";
import type { Card, Place } from "../backend/contract";
import { aCard, aPicture, queued } from "../picture/made";
import { PictureStore } from "../picture/store.svelte";
import { DeskPhone } from "./deskphone.svelte";
import { Notices } from "./notices.svelte";

beforeEach(() => localStorage.clear());

const on = (lane: 1 | 2, state: NonNullable<Place["state"]> = "talking"): Place => ({
  kind: "line",
  name: lane === 1 ? "studio" : "lane2",
  state,
});
const moves = (to: Place) => ({ number: 1, to, began: 0 });

test("a lane is muted by who is heard there or is about to be, and by nobody who is on hold", () => {
  const store = new PictureStore(() => {});
  const { studio, ...picture } = aPicture([]);
  const show = (...cards: Card[]) =>
    store.onPicture({
      ...picture,
      studios: [{ ...studio, lanes: ["studio", "lane2"], sharedLane: true }],
      cards,
    });
  const ana = aCard("A", { place: on(1) });
  const ben = aCard("B", { place: on(2) });
  show(ana, ben);
  const { lanes } = new DeskPhone({} as Backend, store, new Notices(), () => {});
  lanes.mute(0, true);
  show({ ...ana, move: moves(on(2)) }, ben);
  expect(lanes.isMuted(1)).toBe(true);
  show({ ...ana, place: on(2, "held") }, ben);
  expect(lanes.isMuted(1)).toBe(false);
  expect(lanes.heard(1)).toBe(1);
  show({ ...ana, place: on(2, "held"), move: moves(on(2)) }, ben);
  expect(lanes.isMuted(1)).toBe(true);
  show({ ...ana, place: queued(), move: moves(on(2, "deck")) }, ben);
  expect(lanes.isMuted(1)).toBe(false);
});

test("a lane is not free while its caller is talked to off air and comes back to hold there", () => {
  const store = new PictureStore(() => {});
  const { studio, ...picture } = aPicture([]);
  const show = (...cards: Card[]) =>
    store.onPicture({ ...picture, studios: [{ ...studio, lanes: ["studio", "lane2"] }], cards });
  const away = aCard("A", {
    place: { kind: "line", name: "desk-sam", state: "talking" },
    fromHold: "studio",
  });
  show(away);
  const { lanes } = new DeskPhone({} as Backend, store, new Notices(), () => {});
  const next = () => {
    lanes.chosen = undefined;
    lanes.chooseNext();
    return lanes.chosen;
  };
  expect(next()).toBe(1);
  const { fromHold: _, ...stays } = away;
  show(stays);
  expect(next()).toBe(0);
});
