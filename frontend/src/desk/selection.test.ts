// @vitest-environment happy-dom
import { afterEach, expect, test, vi } from "vitest";
import type { Card } from "../backend/contract";
import { aCard } from "../picture/made";
import { Selection } from "./selection.svelte";

let shown: Card[] = [];

/** Shows the cards of these calls, each with its button, and nothing else. */
function show(...calls: string[]) {
  shown = calls.map((call) => aCard(call));
  document.body.innerHTML = calls.map((call) => `<li><button data-card="${call}"></button></li>`).join("");
}

const focused = () => (document.activeElement as HTMLElement).dataset.card;

/** What is selected after each step. */
const steps = (selection: Selection, ...by: (-1 | 1)[]) =>
  by.map((one) => {
    selection.step(one);
    expect(focused()).toBe(selection.call);
    return selection.call;
  });

afterEach(() => void vi.useRealTimers());

test("steps go from the first to the last card and stop there, with the focus", () => {
  show("A", "B", "C");
  const selection = new Selection(() => shown);
  expect(selection.card).toBeUndefined();
  expect(steps(selection, 1, 1, 1, 1, -1, -1, -1)).toEqual(["A", "B", "C", "C", "B", "A", "A"]);
});

test("there is nothing to select on an empty desk", () => {
  show();
  const selection = new Selection(() => shown);
  selection.step(1);
  expect(selection.call).toBeUndefined();
});

test("a card that has gone is selected no more and leaves its place to its neighbours", () => {
  for (const [gone, by, next] of [
    ["B", 1, "C"],
    ["B", -1, "A"],
    ["C", 1, "B"],
    ["A", -1, "B"],
  ] as const) {
    show("A", "B", "C");
    const selection = new Selection(() => shown);
    selection.select(gone);
    expect(selection.card?.call).toBe(gone);
    show(...["A", "B", "C"].filter((call) => call !== gone));
    expect(selection.card).toBeUndefined();
    expect(steps(selection, by)).toEqual([next]);
  }
});

test("a card that moves stays selected", () => {
  show("A", "B", "C");
  const selection = new Selection(() => shown);
  selection.select("A");
  show("B", "C", "A");
  expect(selection.card?.call).toBe("A");
  expect(steps(selection, -1)).toEqual(["C"]);
});

test("the keyboard selects where the focus comes, the pointer when its press is over", () => {
  vi.useFakeTimers();
  show("A", "B");
  const selection = new Selection(() => shown);
  const button = document.querySelector<HTMLElement>("[data-card=A]") as HTMLElement;
  const visible = vi.spyOn(button, "matches");
  button.addEventListener("focusin", (event) => selection.focused(event, "A"));

  visible.mockReturnValue(false);
  button.dispatchEvent(new FocusEvent("focusin"));
  vi.runAllTimers();
  expect(selection.call).toBeUndefined();
  selection.pressed("A");
  expect(selection.call).toBeUndefined();
  vi.runAllTimers();
  expect(selection.call).toBe("A");

  selection.select("B");
  visible.mockReturnValue(true);
  button.dispatchEvent(new FocusEvent("focusin"));
  expect(selection.call).toBe("A");
});
