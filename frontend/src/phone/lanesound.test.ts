import { expect, test } from "vitest";
import { type LaneSound, plain, Shaper } from "./lanesound";
import { decibels } from "./levels";
import { noise, rate, sine, together, words } from "./madesound";

/** What becomes of sound, and of what the host says at the same time. */
function shaped(sound: Float32Array, set: Partial<LaneSound>, host?: Float32Array) {
  const shaper = new Shaper(rate);
  shaper.set({ ...plain, ...set });
  return sound.map((x, i) => shaper.step(x, host?.[i] ?? 0));
}

const same = (one: Float32Array, other: Float32Array) => one.every((x, i) => x === other[i]);
const part = (sound: Float32Array, from: number, to: number) => sound.subarray(from * rate, to * rate);
/** By how many dB a part of the sound, from and to in s, became louder. */
const louder = (now: Float32Array, was: Float32Array, from: number, to: number) =>
  decibels(part(now, from, to)) - decibels(part(was, from, to));

test("a lane of which nothing is wished is untouched, to the sample", () => {
  const sound = together(words(2, -20), noise(2, -50));
  expect(same(shaped(sound, {}), sound)).toBe(true);
});

test("nothing is late: with all on, sound goes on in the sample in which it comes", () => {
  const all = { highPass: true, gate: true, level: true, duck: true };
  const click = new Float32Array(100);
  click[50] = 0.5;
  expect(shaped(click, all).findIndex((x) => x !== 0)).toBe(50);
  const sound = noise(2, -20);
  const now = shaped(sound, all);
  const alike = (late: number) => {
    let sum = 0;
    for (let i = rate; i < 2 * rate; i++) sum += (sound[i - late] ?? 0) * (now[i] ?? 0);
    return sum;
  };
  const lags = Array.from({ length: 200 }, (_, n) => n); // 0 to 25 ms
  expect(lags.reduce((best, n) => (alike(n) > alike(best) ? n : best), 0)).toBe(0);
});

test("the trim is what its figure says", () => {
  const sound = sine(0.5, 440, -20);
  expect(louder(shaped(sound, { trim: 6 }), sound, 0.2, 0.5)).toBeCloseTo(6, 2);
  expect(louder(shaped(sound, { trim: -20 }), sound, 0.2, 0.5)).toBeCloseTo(-20, 2);
});

test("the high-pass takes what is below a voice, 12 dB an octave", () => {
  const at = (hertz: number) => {
    const sound = sine(1, hertz, -20);
    return louder(shaped(sound, { highPass: true }), sound, 0.5, 1);
  };
  expect(at(20)).toBeCloseTo(-24.1, 0);
  expect(at(40)).toBeCloseTo(-12.3, 0);
  expect(at(80)).toBeCloseTo(-3, 0);
  expect(at(300)).toBeCloseTo(0, 1);
});

test("the gate turns noise down and cuts no word, a soft one neither", () => {
  for (const [voice, hiss] of [
    [-20, -60],
    [-35, -55],
    [-30, -45],
  ] as const) {
    const said = words(8, voice);
    const sound = together(said, noise(8, hiss));
    const now = shaped(sound, { gate: true });
    // From 6 s on nobody speaks.
    expect(louder(now, sound, 7, 8)).toBeLessThan(-9);
    // Every 20 ms in which somebody is heard well above the noise.
    const losses: number[] = [];
    for (let at = 2; at < 5.9; at += 0.02)
      if (decibels(part(said, at, at + 0.02)) > hiss + 12) losses.push(louder(now, sound, at, at + 0.02));
    expect(losses.length).toBeGreaterThan(50);
    expect(Math.min(...losses)).toBeGreaterThan(-1.5);
  }
});

test("the gate opens at once and stays open between two words", () => {
  const word = (from: number, to: number) =>
    sine(7, 300, -25)
      .fill(0, 0, from * rate)
      .fill(0, to * rate);
  const sound = together(word(3, 3.3), word(3.45, 3.7), word(6, 7), noise(7, -55));
  const now = shaped(sound, { gate: true });
  expect(louder(now, sound, 5.5, 6)).toBeLessThan(-9);
  expect(louder(now, sound, 6, 6.02)).toBeGreaterThan(-2.5);
  expect(louder(now, sound, 6.02, 6.04)).toBeCloseTo(0, 1);
  expect(louder(now, sound, 3.31, 3.44)).toBeCloseTo(0, 1);
});

test("levelling brings voices to -20 dBFS, by 12 dB at the most, slowly", () => {
  const at = (voice: number) => {
    const sound = together(words(20, voice, 20), noise(20, -70));
    const now = shaped(sound, { level: true });
    expect(Math.abs(louder(now, sound, 0, 1))).toBeLessThan(6);
    return louder(now, sound, 15, 20);
  };
  expect(at(-28)).toBeCloseTo(8, -0.4);
  expect(at(-20)).toBeCloseTo(0, -0.4);
  expect(at(-12)).toBeCloseTo(-8, -0.4);
  expect(at(-45)).toBeCloseTo(12, 0);
});

test("levelling raises nothing while nobody speaks, and lifts no noise", () => {
  // Six seconds of voice, then a pause of ten.
  const sound = together(words(16, -30), noise(16, -62));
  const now = shaped(sound, { level: true });
  const pauses = [7, 10, 15].map((at) => louder(now, sound, at, at + 1));
  for (const pause of pauses) expect(pause).toBeCloseTo(pauses[0] ?? 0, 1);
  // A noise that begins in it is no voice.
  const street = together(words(16, -30), noise(16, -62), noise(16, -40, 8));
  expect(louder(shaped(street, { level: true }), street, 14, 16)).toBeLessThan(0.5);
  // Nor is a noise alone, or a tone.
  for (const alone of [noise(10, -35), sine(10, 440, -35)])
    expect(Math.abs(louder(shaped(alone, { level: true }), alone, 5, 10))).toBeLessThan(0.5);
  // On a line of much noise a soft voice stays soft.
  const poor = together(words(20, -30, 20), noise(20, -48));
  expect(louder(shaped(poor, { level: true }), poor, 15, 20)).toBeLessThan(1);
});

test("ducking turns the lane down while the host speaks, and not between two words", () => {
  const lane = sine(8, 440, -20);
  const host = together(words(8, -20)); // to 6 s
  const now = shaped(lane, { duck: true }, host);
  expect(louder(now, lane, 1, 5.5)).toBeCloseTo(-12, 0);
  expect(louder(now, lane, 7.6, 8)).toBeCloseTo(0, 1);
  expect(same(shaped(lane, { duck: true }, noise(8, -50)), lane)).toBe(true); // a room is no host
  expect(same(shaped(lane, {}, host), lane)).toBe(true);
});

test("another caller begins with what nobody had learnt of the one before", () => {
  const shaper = new Shaper(rate);
  shaper.set({ ...plain, level: true });
  for (const x of words(10, -12, 10)) shaper.step(x, 0);
  shaper.begin();
  const next = words(0.3, -30, 0.3);
  expect(
    Math.abs(
      louder(
        next.map((x) => shaper.step(x, 0)),
        next,
        0.1,
        0.3,
      ),
    ),
  ).toBeLessThan(1);
});
