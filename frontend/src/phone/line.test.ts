import { expect, test } from "vitest";
import { type Line, LineJudge, type Window, Windows } from "./line";
import { noise, rate, sine, together, words } from "./madesound";

/** What a line is said to be, window by window. */
function said(sound: Float32Array, judge = new LineJudge()): Line[] {
  const windows = new Windows(rate);
  return [...sound]
    .map((x) => windows.push(x))
    .filter((w) => w !== undefined)
    .map((w) => judge.window(w));
}

const talk = (seconds: number, level: number) => words(seconds, level, seconds);

/** Cut off for 60 ms, n times a second, between `from` and `to` in s. */
const choppy = (sound: Float32Array, n: number, from = 0, to = 60) =>
  sound.map((x, i) => {
    const at = i / rate;
    return at > from && at < to && (at * n) % 1 < 0.06 * n ? 0 : x;
  });
const distorted = (sound: Float32Array) => sound.map((x) => Math.max(-0.98, Math.min(0.98, x * 12)));

test("each fault of a line is said, and a good one is good", () => {
  const good = together(talk(15, -22), noise(15, -58));
  const last = (sound: Float32Array) => said(sound).at(-1);
  expect(last(good)).toBe("good");
  expect(last(talk(15, -22))).toBe("good"); // a line without any noise between words
  expect(last(choppy(good, 1.7))).toBe("choppy");
  expect(last(distorted(good))).toBe("distorted");
  expect(last(together(talk(15, -22), noise(15, -34)))).toBe("noisy");
  expect(last(noise(15, -34))).toBe("noisy");
  expect(last(together(talk(15, -44), noise(15, -66)))).toBe("quiet");
});

test("of who is not heard nothing is said, nor of a tone", () => {
  const all = [new Float32Array(15 * rate), noise(15, -70), sine(15, 440, -12)];
  expect(all.map((sound) => new Set(said(sound)))).toEqual(Array(3).fill(new Set(["listening"])));
});

test("who listens for a minute has the line that they had", () => {
  const judge = new LineJudge();
  said(together(talk(10, -22), noise(10, -58)), judge);
  expect(new Set(said(noise(60, -58), judge))).toEqual(new Set(["good"]));
});

test("it does not flicker: a fault is said once it lasts, and taken back seconds after it has ended", () => {
  const good = together(talk(35, -22), noise(35, -58));
  const lines = said(choppy(choppy(good, 1, 5, 6), 1.7, 10, 20));
  expect(lines.filter((line, n) => line !== lines[n - 1])).toEqual(["listening", "good", "choppy", "good"]);
  // It is said while it lasts, of half seconds the 20th to 40th, and not at once no more.
  expect([lines.indexOf("choppy") < 36, lines.lastIndexOf("choppy") > 45]).toEqual([true, true]);
  // At the edge between two it stays what it is.
  const edge = (n: number): Window => ({ loud: -38 + (n % 2 ? 0.5 : -0.5), soft: -65, clipped: 0, cuts: 0 });
  const other = new LineJudge();
  const edges = Array.from({ length: 80 }, (_, n) => other.window(edge(n)));
  expect(edges.filter((line, n) => line !== edges[n - 1]).length).toBeLessThan(3);
});
