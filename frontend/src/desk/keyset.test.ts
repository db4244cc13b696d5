// @vitest-environment happy-dom
import { expect, test } from "vitest";
import { keySet, orderKeys } from "./keyset.svelte";

test("the keys said to change a caller's place are those that do, however characters are keys", () => {
  expect(orderKeys()).toBe("N, Alt ↑, Alt ↓, Alt 1–9, Alt End");
  keySet.choose("alt"); // then Alt and a digit takes somebody to air
  expect(orderKeys()).toBe("Alt N, Alt ↑, Alt ↓, Ctrl 1–9, Alt End");
  keySet.choose("off");
  expect(orderKeys()).toBe("Alt ↑, Alt ↓, Alt 1–9, Alt End");
});
