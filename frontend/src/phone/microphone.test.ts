import { expect, test } from "vitest";
import { asAsked, treated, treatedWords } from "./microphone";

test("what the browser reports is held against the profile, and what it is silent on is not", () => {
  const all = (on: boolean) => ({ echoCancellation: on, autoGainControl: on, noiseSuppression: on });
  expect(asAsked(all(false), "console")).toBe(true);
  expect(asAsked(all(true), "headset")).toBe(true);
  expect(asAsked({ ...all(false), autoGainControl: true }, "console")).toBe(false);
  expect(asAsked({ ...all(true), noiseSuppression: false }, "headset")).toBe(false);
  expect(asAsked({ echoCancellation: false }, "console")).toBe(true);
});

test("a kind of echo cancelling is echo cancelling, and the words are what is reported", () => {
  const settings = { echoCancellation: "remote-only", noiseSuppression: false };
  const is = treated(settings as unknown as MediaTrackSettings);
  expect(treatedWords(is)).toBe("Echo cancelling on · noise suppression off");
  expect(treatedWords({})).toBe("");
});
