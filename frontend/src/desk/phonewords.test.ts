import { expect, test } from "vitest";
import { airLine } from "../picture/lists";
import { aPicture } from "../picture/made";
import { lockWords, steadyState } from "./phonewords";

test("what wrong PINs have locked is said with the numbers", () => {
  const line = airLine(aPicture([]));
  const words = (lockedTelephones: string[], pinLocked = false) =>
    lockWords({ ...line, lockedTelephones, pinLocked });
  expect(words([])).toBeUndefined();
  expect(words(["+12015550199"])).toBe("+1 201 555 0199 is locked after five wrong PINs.");
  expect(words(["", "+12015550199"])).toBe(
    "Who withholds their number, +1 201 555 0199 are locked after five wrong PINs.",
  );
  expect(words([""], true)).toContain("locked the telephone way");
});

test("a phone that tries again is in one state, however many attempts it makes", () => {
  expect(steadyState("connecting", undefined)).toBe("connecting");
  for (const [again, state] of [
    ["soon", "reconnecting"],
    ["later", "off"],
  ] as const) {
    const attempts = [state, "connecting", state, "connecting"] as const;
    expect(new Set(attempts.map((s) => steadyState(s, { text: "", again })))).toEqual(new Set([state]));
  }
});
