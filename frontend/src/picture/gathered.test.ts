// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Gathered } from "./gathered";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function gathered() {
  const given: string[] = [];
  const it = new Gathered<string>((all) => given.push(all.join("")));
  const add = async (letters: string) => {
    for (const letter of letters) it.add(letter);
    await Promise.resolve();
  };
  return { it, given, add };
}

test("what comes in one instant is given at once and together, what follows soon after in one more", async () => {
  const { given, add } = gathered();
  await add("abc");
  expect(given).toEqual(["abc"]);
  await add("d");
  vi.advanceTimersByTime(30);
  await add("ef");
  expect(given).toEqual(["abc"]);
  vi.advanceTimersByTime(20);
  expect(given).toEqual(["abc", "def"]);
  vi.advanceTimersByTime(50);
  await add("g");
  expect(given).toEqual(["abc", "def", "g"]);
});

test("what waits can be given before something else happens, and is given once", async () => {
  const { it, given, add } = gathered();
  await add("a");
  await add("b");
  it.flush();
  expect(given).toEqual(["a", "b"]);
  vi.advanceTimersByTime(1_000);
  expect(given).toEqual(["a", "b"]);
});

test("a page that nobody sees waits for no timer", async () => {
  const { given, add } = gathered();
  vi.spyOn(document, "hidden", "get").mockReturnValue(true);
  await add("a");
  await add("bc");
  expect(given).toEqual(["a", "bc"]);
});
