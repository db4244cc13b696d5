import { expect, test } from "vitest";
import type { Echo } from "./echo";
import { Echoes } from "./echoes.svelte";

/** Three lanes with a caller on each, of whom so much was found. */
function found(...echoes: Echo[]): Echoes {
  const all = new Echoes();
  for (const lane of [0, 1, 2]) all.begin(lane);
  for (const [lane, echo] of echoes.entries()) all.judged(lane, echo);
  return all;
}
const said = (echoes: Echoes) => [0, 1, 2].map(echoes.at);

test("who hears themselves by another's telephone is not said to, whichever is found first", () => {
  expect(said(found("self", "self"))).toEqual(["self", "self", "none"]); // by the console
  expect(said(found("self", "echo"))).toEqual(["none", "echo", "none"]);
  expect(said(found("none", "howl", "self"))).toEqual(["none", "howl", "none"]);
});

test("with who sent back goes what was found of the others, but not that another one sends back, too", () => {
  const consoles = found("self");
  consoles.left(2);
  expect(said(consoles)).toEqual(["self", "none", "none"]);
  const echoes = found("echo", "howl", "none");
  echoes.left(2);
  expect(said(echoes)).toEqual(["echo", "howl", "none"]);
  echoes.left(1);
  expect(said(echoes)).toEqual(["echo", "none", "none"]);
  echoes.judged(2, "self");
  expect(said(echoes)).toEqual(["echo", "none", "none"]);
  echoes.left(0);
  echoes.judged(2, "self"); // now nobody else's telephone does it
  expect(said(echoes)).toEqual(["none", "none", "self"]);
});
