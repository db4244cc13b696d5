import type { Page } from "@playwright/test";
import { expect, test } from "./kit/test";

/** Whose card has the focus, "" for nobody's. */
const focused = (page: Page) =>
  page.evaluate(() => document.activeElement?.closest("[data-call]")?.getAttribute("data-call") ?? "");
/** The same key again at once would be one press, doubled; what is selected now has to stand for a moment. */
const apart = (page: Page) => page.waitForTimeout(900);

/** Has the page's clock stand for a while, put on by so many ms: what is pressed then is pressed in a moment. */
async function stopClock(page: Page) {
  const clock = await page.evaluateHandle(() => {
    const now = performance.now.bind(performance);
    const clock = { at: now(), go: () => Object.assign(performance, { now }) };
    Object.assign(performance, { now: () => clock.at });
    return clock;
  });
  return {
    on: (ms: number) =>
      clock.evaluate((clock, ms) => {
        clock.at += ms;
      }, ms),
    go: () => clock.evaluate((clock) => void clock.go()),
  };
}

test("the focus stays with a caller wherever they go, and goes on when they have gone", async ({
  desk,
  house,
}) => {
  const { page } = desk;
  const ana = await house.ring();
  const ben = await house.ring();
  const cleo = await house.ring();
  const dev = await house.ring();
  await desk.is(dev, "ready");
  /** Letters that come faster are a word. */
  const letter = async (key: string) => {
    await page.waitForTimeout(300);
    await page.keyboard.press(key);
  };
  const isOn = (caller: { sid: string }) => expect.poll(() => focused(page)).toBe(caller.sid);

  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowDown");
  await isOn(ben);
  await page.keyboard.press("Alt+ArrowUp");
  await expect.poll(() => desk.ready()).toEqual([ben.sid, ana.sid, cleo.sid, dev.sid]);
  await isOn(ben);
  for (const way of ["down", "up"]) {
    await page.waitForTimeout(900);
    const button = desk.button(`Move Ben ${way}`);
    await button.press("Enter");
    await expect.poll(async () => (await desk.ready())[0]).toBe(way === "down" ? ana.sid : ben.sid);
    await expect(button).toBeFocused();
  }
  await letter("k");
  await desk.is(ben, "on deck");
  await isOn(ben);
  await letter("t");
  await desk.is(ben, "on air");
  await isOn(ben);
  await letter("d");
  await desk.isNowhere(ben);
  await expect.poll(() => focused(page)).toBe(""); // nobody else is on air: Next has it
  await expect(desk.button("Next")).toBeFocused();

  await page.keyboard.press("ArrowDown");
  await isOn(ana);
  await letter("s");
  await desk.is(ana, "set aside");
  await isOn(ana);
  await page.keyboard.press("ArrowUp");
  await page.keyboard.press("ArrowUp");
  await isOn(cleo);
  await apart(page);
  await letter("s");
  await desk.is(cleo, "set aside");
  await isOn(cleo);
  // Who is made ready is done with: the one who waits beside them is the next to be screened.
  await apart(page);
  const clock = await stopClock(page);
  await letter("s");
  await desk.is(cleo, "ready");
  await isOn(ana);
  await clock.on(300);
  await letter("d"); // meant for Cleo
  await expect(desk.region("Messages")).toContainText("Ana has just been selected in another one's stead");
  await clock.go();

  await page.keyboard.press("ArrowUp");
  await isOn(dev);
  await dev.hangUp();
  await desk.isNowhere(dev);
  await isOn(cleo);
  await page.evaluate(() => (document.activeElement as HTMLElement).blur());
  await cleo.hangUp();
  await desk.isNowhere(cleo);
  expect(await page.evaluate(() => document.activeElement === document.body)).toBe(true); // nobody had it
});

test("a list is one stop of the Tab key; its rows and their buttons are reached by arrows", async ({
  desk,
  house,
}) => {
  const { page } = desk;
  for (let i = 0; i < 3; i++) await house.ring();
  const ready = desk.region("Ready").getByRole("listitem");
  await expect(ready).toHaveCount(3);
  const at = () => page.evaluate(() => document.activeElement?.textContent?.trim().split(/\s/)[0]);
  const name = () =>
    page.evaluate(() => {
      const { activeElement: it } = document;
      return it?.getAttribute("aria-label") ?? it?.textContent?.replaceAll(/\s+/g, " ").trim();
    });

  await desk.button("Next").focus();
  await page.keyboard.press("Tab");
  expect(await name()).toMatch(/^Find callers/);
  await page.keyboard.press("Tab");
  expect(await name()).toMatch(
    /^Edit Ana by its number US no topic yet ?: ready, next, 1 of 3, waiting less than a minute$/,
  );
  await page.keyboard.press("ArrowDown");
  expect(await name()).toMatch(/^Edit Ben\b/);
  await page.keyboard.press("ArrowRight");
  expect(await name()).toBe("On deck Ben");
  await page.keyboard.press("Shift+Tab");
  expect(await name()).toMatch(/^Find callers/);
  await page.keyboard.press("Tab");
  expect(await name()).toMatch(/^Edit Ben\b/);
  await page.keyboard.press("Tab");
  expect(await focused(page)).toBe("");
  expect(await at()).not.toBe("BODY");
});

test("a dead key says why, and a message is reached by its key", async ({ desk, house }) => {
  const { page } = desk;
  const messages = desk.region("Messages");
  const why = async (key: string, words: string) => {
    await page.waitForTimeout(300); // letters that come faster are a word
    await page.keyboard.press(key);
    await expect(messages.getByText(words)).toBeVisible();
  };
  await why("j", "There is no message.");
  await why("F6", "Nobody is on air.");
  await why("ArrowDown", "Nobody is here to be selected.");
  const ana = await house.ring();
  await desk.is(ana, "ready");
  await why("t", "Nobody is selected: ↑ ↓ choose a caller.");
  await page.keyboard.press("ArrowDown");
  await why("h", "Ana is not on air.");
  await why("Alt+ArrowUp", "Ana is the first already.");
  await why("i", "has not rung before in this show");
  await page.waitForTimeout(900); // the same key again at once would be one press, doubled
  await page.keyboard.press("j");
  await expect(desk.button(/^Dismiss: .*has not rung before/)).toBeFocused();
});
