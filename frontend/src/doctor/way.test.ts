import { expect, test } from "vitest";
import type { Way } from "../phone/device";
import { signallingOf, soundOf } from "./way";

const good: Way = {
  signallingMs: 42,
  edge: "frankfurt",
  taken: true,
  flows: true,
  sound: { mos: 4.43, rttMs: 23, jitterMs: 2 },
};

test.each([
  ["all is well", good, "fine good sound: quality 4.4 of 4.5, 23 ms there and back, 2 ms of jitter"],
  ["UDP is blocked", { ...good, flows: false, sound: undefined }, "wrong UDP is blocked"],
  [
    "the SDK says so itself",
    { signallingMs: 42, taken: false, flows: false, code: 53405 },
    "wrong UDP is blocked",
  ],
  [
    "the station's answer is not heard",
    { signallingMs: 42, taken: false, flows: false },
    "unlooked not taken",
  ],
  ["nothing comes back", { ...good, sound: undefined }, "wrong none came back"],
  ["jitter", { ...good, sound: { mos: 4, rttMs: 23, jitterMs: 31 } }, "wrong poor"],
  ["a long way", { ...good, sound: { mos: 4, rttMs: 401, jitterMs: 2 } }, "wrong poor"],
  ["a poor line", { ...good, sound: { mos: 3.4, rttMs: 23, jitterMs: 2 } }, "wrong poor"],
  ["no signalling", { taken: false, flows: false, code: 31000 }, "unlooked Without signalling"],
  ["no pass", undefined, "unlooked no test call"],
] as [string, Way | undefined, string][])("%s is said of the sound", (_, way, says) => {
  const { state, what } = soundOf(way);
  const [is, ...words] = says.split(" ");
  expect(state).toBe(is);
  expect(what).toContain(words.join(" "));
});

test("signalling says how long it took, or that no phone connects", () => {
  expect(signallingOf(good)).toEqual({
    state: "fine",
    what: "Twilio's signalling let this page in after 42 ms, at the edge frankfurt.",
  });
  expect(signallingOf({ taken: false, flows: false, code: 53000 }).what).toContain(
    "(53000): no phone connects",
  );
  expect(signallingOf(undefined).state).toBe("unlooked");
});
