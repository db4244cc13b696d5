import { expect, test } from "vitest";
import { type Link, LinkJudge, linkFigures, type Sample, worstOf } from "./link";

const fine: Sample = { jitter: 3, rtt: 60, packetsReceived: 50, packetsLostFraction: 0, mos: 4.4 };

/** What is said after each of so many samples. */
const said = (judge: LinkJudge, times: number, of: Partial<Sample>) =>
  Array.from({ length: times }, () => judge.sample({ ...fine, ...of })?.quality);

test("each of jitter, way, loss and score makes it fair or poor", () => {
  const after = (of: Partial<Sample>) => said(new LinkJudge(), 12, of).at(-1);
  expect(after({})).toBe("good");
  expect([{ jitter: 30 }, { rtt: 400 }, { packetsLostFraction: 1 }, { mos: 3.7 }].map(after)).toEqual(
    Array(4).fill("fair"),
  );
  expect([{ jitter: 60 }, { rtt: 800 }, { packetsLostFraction: 5 }, { mos: 2.9 }].map(after)).toEqual(
    Array(4).fill("poor"),
  );
  expect(after({ rtt: undefined, mos: null })).toBe("good");
});

test("it does not flicker: worse after three, better after eight seconds, and one bad second is none", () => {
  const judge = new LinkJudge();
  said(judge, 5, {});
  expect(new Set([...said(judge, 1, { jitter: 200 }), ...said(judge, 8, {})])).toEqual(new Set(["good"]));
  expect(said(judge, 6, { jitter: 200 }).at(-1)).toBe("poor");
  expect(said(judge, 9, {})).toEqual(Array(9).fill("poor"));
  expect(said(judge, 3, {}).at(-1)).toBe("good");
  // To and fro each second is what it is for half of the time at the most, and does not change.
  const changing = Array.from({ length: 20 }, (_, n) =>
    judge.sample({ ...fine, jitter: n % 2 ? 90 : 3 }),
  ).map((l) => l?.quality);
  expect(changing.filter((q, n) => n > 0 && q !== changing[n - 1]).length).toBeLessThan(2);
});

test("the figures are the last seconds', and of several calls the worst one's are shown", () => {
  const judge = new LinkJudge();
  said(judge, 5, {});
  const link = judge.sample({ ...fine, packetsLostFraction: 4 }) as Link;
  expect(judge.sample({ ...fine, packetsReceived: 0, packetsLostFraction: 100 })).toBeUndefined();
  expect(linkFigures(link)).toBe("Round trip 60 ms · jitter 3 ms · loss 0.8 % · MOS 4.4");
  const poor: Link = { ...link, quality: "poor" };
  expect(worstOf([link, poor, link])).toBe(poor);
  expect(worstOf([])).toBeUndefined();
});
