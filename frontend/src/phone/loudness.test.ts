import { expect, test } from "vitest";
import { Loudness } from "./loudness";

/** The level after seconds of a sine of hertz, whose top is at decibels. */
function after(rate: number, seconds: number, hertz: number, decibels: number, meter = new Loudness(rate)) {
  const top = 10 ** (decibels / 20);
  for (let i = 0; i < seconds * rate; i++) meter.push(top * Math.sin((2 * Math.PI * hertz * i) / rate));
  return { meter, ...meter.read() };
}

test("a sine of 997 Hz is as loud as BS.1770 says of one channel, at each rate of a computer", () => {
  for (const rate of [44_100, 48_000, 96_000]) {
    expect(after(rate, 3.1, 997, 0).loudness).toBeCloseTo(-3.01, 1);
    expect(after(rate, 3.1, 997, -23).loudness).toBeCloseTo(-26.01, 1);
  }
});

/** What the filters of BS.1770's tables 1 and 2 (for 48 kHz) do at hertz, in dB. */
function tables(hertz: number): number {
  const w = (2 * Math.PI * hertz) / 48_000;
  const size = ([x, y, z]: [number, number, number]) =>
    Math.hypot(x + y * Math.cos(w) + z * Math.cos(2 * w), y * Math.sin(w) + z * Math.sin(2 * w));
  const head = size([1.53512485958697, -2.69169618940638, 1.19839281085285]);
  const low = size([1, -2, 1]);
  const under =
    size([1, -1.69065929318241, 0.73248077421585]) * size([1, -1.99004745483398, 0.99007225036621]);
  return 20 * Math.log10((head * low) / under);
}

test("what ears hear less of counts less, as BS.1770's tables say", () => {
  for (const hertz of [25, 50, 100, 300, 1_000, 3_400, 8_000]) {
    const told = after(48_000, 4, hertz, -20).loudness + 20 + 3.01 + 0.691;
    expect(told).toBeCloseTo(tables(hertz), 1);
  }
});

test("loudness is that of the last three seconds, not of the moment", () => {
  const { meter, loudness } = after(48_000, 3, 997, -20);
  expect(loudness).toBeCloseTo(-23, 1);
  expect(after(48_000, 1.5, 997, -100, meter).loudness).toBeCloseTo(-26, 1);
  expect(after(48_000, 1.6, 997, -100, meter).loudness).toBeLessThan(-70);
});

test("a peak shows at once and falls by 20 dB in 1.7 s", () => {
  const { meter, peak } = after(48_000, 0.01, 997, -6);
  expect(peak).toBeCloseTo(-6, 1);
  expect(after(48_000, 1.7, 997, -100, meter).peak).toBeCloseTo(-26, 1);
  expect(new Loudness(48_000).read()).toEqual({ peak: -100, loudness: -100, clipped: false });
});

test("what is at a codec's end has clipped, until it was read; a loud voice has not", () => {
  const { meter, clipped } = after(8_000, 0.1, 440, -0.17);
  expect(clipped).toBe(true);
  expect(meter.read().clipped).toBe(false);
  expect(after(48_000, 0.5, 440, -1).clipped).toBe(false);
});
