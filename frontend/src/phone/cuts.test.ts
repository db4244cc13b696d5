import { expect, test } from "vitest";
import { Cuts } from "./cuts";

/** How many cuts there are in pieces of so many ms, each of one level in dBFS or from one to another. */
function cuts(...pieces: [ms: number, from: number, to?: number][]): number {
  const all = new Cuts();
  for (const [ms, from, to = from] of pieces)
    for (let i = 0; i < ms; i++) all.push(10 ** ((from + ((to - from) * i) / ms) / 10));
  return all.count;
}

test("what is cut off and comes back is a cut, a pause and a stop in a word are none", () => {
  const gone = -100;
  expect(cuts([200, -20], [60, gone], [200, -20])).toBe(1);
  expect(cuts([200, -20], [60, gone], [200, -20], [20, gone], [200, -25])).toBe(2);
  // Too short to be heard as one, and too long; it goes on softly; nothing comes back.
  expect(cuts([200, -20], [8, gone], [200, -20])).toBe(0);
  expect(cuts([200, -20], [700, gone], [200, -20])).toBe(0);
  expect(cuts([200, -20], [60, -70], [200, -20])).toBe(0);
  expect(cuts([200, -20], [2_000, gone])).toBe(0);
  // A word fades, another one swells; a p is a soft burst before its vowel; an s is a hiss that may end at once.
  expect(cuts([200, -20], [40, -20, -84], [60, gone], [200, -20])).toBe(0);
  expect(cuts([200, -20], [60, gone], [30, -84, -20], [200, -20])).toBe(0);
  expect(cuts([200, -20], [60, gone], [10, -33], [200, -20])).toBe(0);
  expect(cuts([100, -42], [60, gone], [200, -42])).toBe(0);
});
