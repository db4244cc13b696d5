import { expect, test } from "vitest";
import { silence } from "./decibels";
import { decibels, peaks, varies } from "./levels";

test("a level is the RMS in dBFS, with a floor", () => {
  const sine = Float32Array.from({ length: 8000 }, (_, i) => 0.5 * Math.sin((2 * Math.PI * 440 * i) / 8000));
  expect(decibels(sine)).toBeCloseTo(-9.03, 1);
  expect(decibels(new Float32Array(100))).toBe(silence);
});

test("tones are found between bins, the strongest first, hum and side lobes left out", () => {
  const perBin = 5.859375;
  const spectrum = new Float32Array(4096).fill(-120);
  const hill = (hertz: number, top: number) => {
    const middle = hertz / perBin;
    for (let i = Math.floor(middle) - 2; i <= Math.ceil(middle) + 2; i++)
      spectrum[i] = top - 6 * (i - middle) ** 2;
  };
  hill(50, -10);
  hill(437, -30);
  hill(1000, -20);
  hill(2000, -55);
  expect(peaks(spectrum, perBin)).toEqual([1000, 437]);
  expect(peaks(new Float32Array(4096).fill(Number.NEGATIVE_INFINITY), perBin)).toEqual([]);
});

test("silence and one value over and over are no sound, the softest noise is", () => {
  expect(varies(new Float32Array(100))).toBe(false);
  expect(varies(new Float32Array(100).fill(0.4))).toBe(false);
  expect(varies(Float32Array.from({ length: 100 }, (_, i) => (i % 50 ? 0 : 1 / 32_768)))).toBe(true);
});
