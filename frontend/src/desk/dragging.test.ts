// @vitest-environment happy-dom
import { expect, test } from "vitest";
import type { Card } from "../backend/contract";
import { aCard } from "../picture/made";
import { Dragging } from "./dragging.svelte";

/** Rows of ten pixels each, which happy-dom does not lay out. */
const height = 10;

/** A list of A, B and C, whose drops are told as "A before C". */
function aList() {
  const rows = [..."ABC"].map((call, at) => ({ card: aCard(call), at }));
  const drops: string[] = [];
  const dragging = new Dragging({
    rows: () => rows,
    whyNot: () => undefined,
    drop: (card: Card, before: Card | undefined) => drops.push(`${card.call} before ${before?.call}`),
    tell: () => {},
  });
  const list = document.createElement("ul");
  list.setPointerCapture = () => {};
  list.getBoundingClientRect = () => new DOMRect(0, 0, 100, 3 * height);
  for (const { at } of rows) {
    const item = list.appendChild(document.createElement("li"));
    item.setAttribute("aria-posinset", `${at + 1}`);
    item.getBoundingClientRect = () => new DOMRect(0, at * height, 100, height);
  }
  const pointer = (kind: string, clientY: number, pointerId = 1) => {
    const event = new PointerEvent(`pointer${kind}`, { pointerId, clientY, button: 0 });
    if (kind === "down") dragging.begin(event, "A", list);
    else list.dispatchEvent(event);
  };
  return { dragging, pointer, drops };
}

test("a second finger neither moves nor drops who is dragged", () => {
  const { dragging, pointer, drops } = aList();
  pointer("down", 5);
  pointer("move", 18);
  expect(dragging.to).toBe(2);
  pointer("move", 29, 2);
  pointer("up", 29, 2);
  expect([dragging.call, dragging.to, drops]).toEqual(["A", 2, []]);
  pointer("up", 18);
  expect([dragging.call, drops]).toEqual([undefined, ["A before C"]]);
});
