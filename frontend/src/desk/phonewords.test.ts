import { expect, test } from "vitest";
import { deskLine } from "../picture/lists";
import { aPicture } from "../picture/made";
import { lockWords } from "./phonewords";

test("what wrong PINs have locked is said with the numbers", () => {
  const line = deskLine(aPicture([]));
  const words = (lockedTelephones: string[], pinLocked = false) =>
    lockWords({ ...line, lockedTelephones, pinLocked });
  expect(words([])).toBeUndefined();
  expect(words(["+12015550199"])).toBe("+1 201 555 0199 is locked after five wrong PINs.");
  expect(words(["", "+12015550199"])).toBe(
    "Who withholds their number, +1 201 555 0199 are locked after five wrong PINs.",
  );
  expect(words([""], true)).toContain("locked the telephone way");
});
