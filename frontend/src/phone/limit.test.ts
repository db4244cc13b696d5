import { expect, test } from "vitest";
import { ceiling, Limit } from "./limit";

const rate = 48_000;
const limited = (sound: (t: number) => number, seconds: number) => {
  const limit = new Limit(rate);
  return Array.from({ length: seconds * rate }, (_, n) => limit.step(sound(n / rate)));
};
/** A sine as loud as peak says. */
const voice = (hertz: number, peak: number) => (t: number) => peak * Math.sin(2 * Math.PI * hertz * t);
/** How loud a frequency is, as a sine's peak. */
function levelAt(wave: number[], hertz: number): number {
  let [re, im] = [0, 0];
  for (const [n, x] of wave.entries()) {
    re += x * Math.cos((2 * Math.PI * hertz * n) / rate);
    im += x * Math.sin((2 * Math.PI * hertz * n) / rate);
  }
  return (2 * Math.hypot(re, im)) / wave.length;
}

test("what is not too loud goes out as it came in", () => {
  const sound = voice(300, ceiling);
  for (const [n, x] of limited(sound, 0.5).entries()) expect(x).toBeCloseTo(sound(n / rate), 12);
});

test("six voices at once get no louder than −1 dBFS", () => {
  const voices = [180, 240, 330, 420, 510, 690].map((hertz) => voice(hertz, 0.4));
  const sum = (t: number) => voices.reduce((all, one) => all + one(t), 0);
  const wave = limited(sum, 2);
  expect(wave.every((x) => Math.abs(x) <= ceiling + 1e-9)).toBe(true);
  expect(wave.some((x) => Math.abs(x) > 0.85)).toBe(true);
});

test("a loud voice is turned down and not cut off: what cutting would add is 40 dB weaker", () => {
  const wave = limited(voice(400, 2), 1).slice(-rate / 2);
  const harmonic = (n: number) => 20 * Math.log10(levelAt(wave, 400 * n) / levelAt(wave, 400));
  for (const n of [3, 5, 7]) expect(harmonic(n)).toBeLessThan(-40);
});

test("after a loud moment the rest is as loud as before within a second", () => {
  const wave = limited((t) => voice(300, t < 0.1 ? 3 : 0.5)(t), 1.1);
  expect(Math.max(...wave.slice(0.1 * rate, 0.15 * rate))).toBeLessThan(0.4);
  expect(Math.max(...wave.slice(-0.1 * rate))).toBeGreaterThan(0.495);
});
