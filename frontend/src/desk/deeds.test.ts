import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { type Backend, Refused } from "../backend/backend";
import { aCard } from "../picture/made";
import { Deeds } from "./deeds.svelte";
import { Notices } from "./notices.svelte";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const lous = aCard("A", { place: { kind: "line", name: "desk-lou", state: "talking" } });

function deeds() {
  const asked: unknown[] = [];
  const operate = async (_: string, body: { over?: boolean }) => {
    asked.push(body.over === true);
    if (!body.over) throw new Refused({ code: "anothers", message: "Lou is talking to A. Press again." });
    return { call: "A", move: 1 };
  };
  const notices = new Notices();
  const it = new Deeds({ operate } as unknown as Backend, notices);
  return { it, asked, notices };
}

test("a caller whom another desk has is taken by a second press for the same, in time, that is no doubled first one", async () => {
  const { it, asked, notices } = deeds();
  const press = async (ms: number, op: "answer" | "ready" = "answer") => {
    vi.advanceTimersByTime(ms);
    return (await it.do(op, lous)) !== undefined;
  };
  expect(await press(0)).toBe(false);
  expect(notices.list.at(-1)?.text).toContain("Lou is talking to A.");
  expect(it.asks("answer", lous)).toBe(true);
  expect(await press(300)).toBe(false); // a doubled click
  expect(await press(600)).toBe(true);
  expect(await press(1_000)).toBe(false);
  expect(await press(1_000, "ready")).toBe(false); // for something else
  expect(await press(7_000, "ready")).toBe(false); // too late
  expect(asked).toEqual([false, false, true, false, false, false]);
});
