import { expect, test } from "vitest";
import type { CostPart, Costs } from "../backend/contract";
import { footerWords, laneWords, limitState, money, sumOf, sumWords, toldAt } from "./costs";

const callers: CostPart = { kind: "callers", minutes: 100, rate: 0.01 };
const lines: CostPart = { kind: "lines", minutes: 50 };

const some = (more: Partial<Costs> = {}): Costs => ({
  ...{ free: false, currency: "USD", limit: 0, limitFixed: false },
  shows: [{ studio: "", parts: [callers], sum: 1, known: true }],
  ...more,
});
const month = (soFar: number) => ({ total: 0, at: 0, soFar });

test("an amount is written with its currency, whatever that is", () => {
  expect(money(1234.5, "USD")).toBe("$1,234.50");
  expect(money(0.0085, "EUR", 4)).toBe("€0.0085");
  expect(money(2, undefined)).toBe("2.00");
  expect(money(2, "dollars")).toBe("2.00 dollars");
  expect([0, 0.004, 0.005].map((n) => sumOf(n, "USD"))).toEqual(["$0.00", "< $0.01", "$0.01"]);
});

test("when Twilio told of the month has its day", () => {
  expect(toldAt(new Date(2026, 10, 3, 14, 5).getTime())).toMatch(/Nov 3\b.*05/);
});

test("a sum that lacks a price says so", () => {
  const show = { studio: "", sum: 1 };
  expect(sumWords({ ...show, parts: [callers], known: true }, "USD")).toBe("about $1.00");
  expect(sumWords({ ...show, parts: [callers, lines], known: false }, "USD")).toBe("at least $1.00");
  expect(sumWords({ ...show, parts: [lines], sum: 0, known: false }, "USD")).toBe("not known yet");
});

test("what a lane costs is the price of a phone and of a place on a line, once both are known", () => {
  const show = (...parts: CostPart[]) => ({ studio: "", parts, sum: 0, known: false });
  const desks: CostPart = { kind: "desks", minutes: 0, rate: 0.004 };
  expect(laneWords(some(), show(desks, { ...lines, rate: 0.0018 }), 3)).toMatch(
    /3 lanes .*: about \$0\.0058 a minute\.$/,
  );
  expect(laneWords(some(), show(desks, lines), 3)).toMatch(/not known yet\.$/);
  expect(laneWords(some({ free: true }), show(desks), 3)).not.toMatch(/known|\$/);
  expect(laneWords(some(), show(desks), 1)).toBeUndefined();
});

test("the foot of the desk says what this studio's show comes to, and the limit when it is near", () => {
  expect(footerWords(some(), "", true)).toEqual({ text: "This show about $1.00" });
  expect(footerWords(some(), "", false)).toEqual({ text: "Last show about $1.00" });
  expect(footerWords(some({ free: true }), "", true)).toBeUndefined();
  expect(footerWords(undefined, "", true)).toBeUndefined();
  expect(footerWords(some(), "b", true)).toBeUndefined();
  const at = (soFar: number) => some({ limit: 50, month: month(soFar) });
  expect(footerWords(at(39.99), "", true)?.kind).toBeUndefined();
  expect(footerWords(at(40), "", true)).toEqual({
    text: "This show about $1.00 · ▲ 80 % of the month's limit",
    kind: "busy",
  });
  expect(footerWords(at(50), "", true)?.text).toMatch(/limit is passed$/);
  expect([at(49.99), at(50), some({ month: month(50) }), some({ limit: 50 })].map(limitState)).toEqual([
    "near",
    "passed",
    "within",
    "within",
  ]);
});
