import { expect, test } from "vitest";
import { shortcut } from "./shortcut";

test("key caps are told to screen readers in their own words", () => {
  expect(["Alt ↑", "⇧C", "Ctrl ⇧R", "Esc", "F1", "Ctrl +", ""].map(shortcut)).toEqual([
    "Alt+ArrowUp",
    "Shift+C",
    "Control+Shift+R",
    "Escape",
    "F1",
    "Control+Plus",
    undefined,
  ]);
});
