import { expect, test } from "vitest";
import { began, hertz, loudness, sent } from "./tone";

const rate = 48_000;

/** Samples of 0.68 s: what is said by the voices at each moment. */
const sound = (...voices: ((seconds: number) => number)[]) =>
  Float32Array.from({ length: 32_768 }, (_, i) => voices.reduce((sum, voice) => sum + voice(i / rate), 0));

const sine =
  (hz: number, decibels: number, from = 0) =>
  (at: number) =>
    at < from ? 0 : 10 ** (decibels / 20) * Math.sin(2 * Math.PI * hz * at);

test("the tone is told from all else, by its level, though a louder voice breaks up beside it", () => {
  expect(loudness(sound(sine(hertz, sent)), rate).median).toBeCloseTo(0, 1);
  expect(loudness(sound(sine(hertz, sent - 20), sine(440, -3)), rate).median).toBeCloseTo(-20, 0);
  expect(loudness(sound(sine(440, -3)), rate).median).toBeLessThan(-70);
  const breaks = (at: number) => (at % 0.25 < 0.01 ? 0 : sine(440, -3)(at));
  expect(loudness(sound(breaks), rate).median).toBeLessThan(-60);
});

test("when it has begun is told to a few ms, and nothing where it was there before", () => {
  const ago = began(sound(sine(hertz, sent, 0.4), sine(440, -6)), rate, -30);
  expect(ago).toBeCloseTo(32_768 / rate - 0.4, 1);
  const clicks = (at: number) => (Math.abs(at - 0.2) < 0.002 ? 0.9 : 0);
  expect(began(sound(sine(hertz, sent, 0.4), clicks), rate, -30)).toBeCloseTo(32_768 / rate - 0.4, 1);
  expect(began(sound(sine(hertz, sent)), rate, -30)).toBeUndefined();
  expect(began(sound(sine(440, -6)), rate, -30)).toBeUndefined();
});
