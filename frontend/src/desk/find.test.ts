import { expect, test } from "vitest";
import { aCard } from "../picture/made";
import { Find } from "./find.svelte";

const ready = [
  aCard("A", { name: "Zoë Müller", location: "Leeds", topic: "The new roundabout", number: "+441134960123" }),
  aCard("B", { name: "Ben", area: "Jersey City, NJ, US", topic: "Buses", number: "+12015550102" }),
  aCard("C", { name: "", topic: "", number: "" }),
];
const aside = [aCard("D", { name: "Benedict" })];

test.each([
  ["", "ABC", "D"],
  ["  ", "ABC", "D"],
  ["ben", "B", "D"],
  ["zoe leeds", "A", ""],
  ["ROUND new", "A", ""],
  ["jersey", "B", ""],
  ["(201) 555-01 02", "B", ""],
  ["+1 201", "B", ""],
  ["0113 496", "A", ""],
  ["0", "AB", "D"],
  ["nobody", "", ""],
])("%j finds %s, and %s aside", (text, inReady, inAside) => {
  const find = new Find(
    () => ready,
    () => aside,
  );
  find.text = text;
  const calls = (shown: typeof find.ready) => shown.cards.map((card) => card.call).join("");
  expect([calls(find.ready), calls(find.aside)]).toEqual([inReady, inAside]);
});

test("who is found keeps their place in the queue", () => {
  const find = new Find(
    () => ready,
    () => aside,
  );
  expect(find.ready.placeOf(2)).toBe(2);
  find.text = "buses";
  expect(find.ready.placeOf(0)).toBe(1);
});
