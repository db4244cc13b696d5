import { expect, test } from "vitest";
import { shortcut } from "./shortcut";

test("key caps are told to screen readers in their own words", () => {
  expect(["Alt ↑", "⇧C", "Esc", "F1"].map(shortcut)).toEqual(["Alt+ArrowUp", "Shift+C", "Escape", "F1"]);
});
