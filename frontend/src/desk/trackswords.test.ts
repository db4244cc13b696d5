import { expect, test } from "vitest";
import { timeOfDay } from "../picture/time";
import { tracksWords } from "./trackswords";

const told = { studio: "", on: true, since: 1_000, host: true };
const well = { told, onAirMs: 60_000, laneless: false, behind: 1, lost: 0, trouble: undefined };

test("that it records is said only while the station says so", () => {
  expect(tracksWords(well)).toMatchObject({
    kind: "on",
    text: `Recording isolated tracks since ${timeOfDay(1_000)}`,
  });
  expect(tracksWords({ ...well, told: { ...told, host: false } }).text).toContain("without one of the host");
  expect(tracksWords({ ...well, onAirMs: undefined }).kind).toBe("idle");
  const silent = { ...well, told: { ...told, on: false } };
  expect(tracksWords({ ...silent, onAirMs: 2_000 })).toMatchObject({
    kind: "idle",
    text: "Isolated tracks begin…",
  });
  expect(tracksWords(silent).kind).toBe("bad");
  expect(tracksWords({ ...silent, laneless: true }).text).toContain("direct mode");
});

test("what is wrong is said before all else", () => {
  const trouble = { code: "tracks_full", message: "The disk is nearly full.", at: 0 };
  expect(tracksWords({ ...well, told: { ...told, on: false, trouble } }).text).toBe(
    "Isolated tracks are not recorded. The disk is nearly full.",
  );
  expect(tracksWords({ ...well, behind: 12.4 }).text).toContain("the last 12 s");
  expect(tracksWords({ ...well, lost: 3 })).toMatchObject({ kind: "bad" });
  expect(tracksWords({ ...well, lost: 3 }).text).toContain("3 s of sound could not be kept");
});
