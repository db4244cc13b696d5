import { expect, test } from "vitest";
import { endedByLine, phoneTrouble, slow } from "./errors";
import { Pauses } from "./pauses";

test("pauses grow to a limit, and begin anew after a call that stood for a while", () => {
  const pauses = new Pauses();
  const after = (stood: number) => pauses.after(slow, stood);
  expect([0, 0, 0, 0, 0, 0].map(after)).toEqual([500, 1_000, 2_000, 4_000, 8_000, 8_000]);
  expect(after(2_000)).toBe(8_000); // a line that ends each call at once is not called without end
  expect([after(60_000), after(0)]).toEqual([500, 1_000]);
});

test("after the line's own end there is time to hear why, and a long pause where somebody is needed", () => {
  const pauses = new Pauses();
  expect(pauses.after(endedByLine, 60_000)).toBe(1_000);
  expect(pauses.after(phoneTrouble({ code: 20101 }), 0)).toBe(30_000);
});
