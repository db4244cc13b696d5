import { expect, test, vi } from "vitest";
import type { Backend } from "../backend/backend";
import { QueueCurve } from "./curve.svelte";

const opened = 1_767_600_000_000;
const at = (seconds: number, waiting = 1) => ({
  at: opened + seconds * 1000,
  waiting,
  onAir: 0,
  longestWaitMs: 0,
});

/** A curve that was read ten seconds after the opening, and how often it has been read since. */
async function begun() {
  const reads = vi.fn();
  const operate = async (op: string) => {
    if (op === "shows") return { shows: [{ show: 7 }] };
    reads();
    return { points: [at(0, 0), at(10, 2)], mostWaiting: 3, mostAt: at(5).at };
  };
  const curve = new QueueCurve({ operate } as unknown as Backend);
  await curve.read();
  reads.mockClear();
  return { curve, reads };
}

const seconds = (curve: QueueCurve) => curve.points.map((p) => (p.at - opened) / 1000);

test("it goes on with a point every few seconds, and with every peak", async () => {
  const { curve, reads } = await begun();
  for (const s of [9, 10, 11, 12, 13, 14, 16]) curve.add(at(s, s === 14 ? 5 : 1));
  expect(seconds(curve)).toEqual([0, 10, 13, 16]);
  expect(curve.peak).toEqual({ waiting: 5, at: at(14).at });
  expect(reads).not.toHaveBeenCalled();
});

test("after a sleep, or when the clock was put, it is read anew, and not again and again", async () => {
  for (const later of [3600, -3600]) {
    const { curve, reads } = await begun();
    const now = vi.spyOn(performance, "now").mockReturnValue(performance.now() + 60_000);
    curve.add(at(10 + later));
    curve.add(at(11 + later));
    await vi.waitFor(() => expect(reads).toHaveBeenCalledOnce());
    curve.add(at(12 + later));
    expect(seconds(curve)).toEqual([0, 10]);
    await vi.waitFor(() => expect(reads).toHaveBeenCalledOnce());
    now.mockRestore();
  }
});
