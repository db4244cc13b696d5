import type { Browser } from "@playwright/test";
import { Desk } from "./kit/desk";
import { long } from "./kit/long";
import { dj, expect, type House, test } from "./kit/test";

/** What one page does must be shown by all others by then, in ms. */
const soon = { timeout: 3_000 };

const muted = (it: Desk) => it.page.getByText("MUTED", { exact: true });
const phone = (it: Desk) => it.region("Phone").getByRole("status").first();

/** The desk in another browser, which shares no storage with the first. */
async function openFar(browser: Browser, house: House): Promise<Desk> {
  const far = new Desk(await (await browser.newContext()).newPage(), await house.invite());
  await far.open();
  return far;
}

test("the mute on air is one for all pages: shown by all, changed from any, and as callers hear it", async ({
  desk,
  house,
  context,
  browser,
}) => {
  const ana = await house.ring();
  await desk.is(ana, "ready");
  await desk.next();
  await ana.hears(dj);
  const tab = new Desk(await context.newPage(), house.url);
  await tab.open();
  const far = await openFar(browser, house);
  const all = [desk, tab, far];
  const shown = () => Promise.all(all.map((it) => expect(muted(it)).toBeVisible(soon)));
  const notShown = () => Promise.all(all.map((it) => expect(muted(it)).toHaveCount(0, soon)));
  await notShown();
  for (const it of [tab, far]) await expect(phone(it)).toHaveText(/● On the line, on another page$/);

  await desk.page.keyboard.press("m");
  await Promise.all([shown(), ana.hearsNot(dj)]);
  await far.page.keyboard.press("m");
  await Promise.all([notShown(), ana.hears(dj)]);
  await expect(desk.region("Messages")).toContainText("Another page has unmuted this microphone.");
  await tab.button(/^Mute/).click();
  await Promise.all([shown(), ana.hearsNot(dj)]);
  await expect(far.region("Phone")).toContainText(
    "Another page has the line: Ana is on air. Its microphone is muted.",
  );

  // It outlives a reload, and goes on with the phone when another page takes that.
  await desk.page.reload();
  await desk.isOnLine();
  await desk.page.keyboard.press("b");
  await desk.is(ana, "on air");
  await desk.hears(ana);
  await Promise.all([shown(), ana.hearsNot(dj)]);
  await far.page.keyboard.press("p");
  await far.isOnLine();
  await far.hears(ana);
  await Promise.all([shown(), ana.hearsNot(dj)]);
  await desk.page.keyboard.press("m");
  await Promise.all([notShown(), ana.hears(dj)]);

  // With its page the phone goes, and its mute.
  await far.page.keyboard.press("m");
  await shown();
  await far.page.close();
  await expect(phone(desk)).toHaveText(/Not connected$/);
  await Promise.all([expect(muted(desk)).toHaveCount(0), expect(muted(tab)).toHaveCount(0)]);
});

test(
  "a mute that the microphone's own page does not confirm is said, and not shown",
  long,
  async ({ desk, house, browser }) => {
    const far = await openFar(browser, house);
    await expect(phone(far)).toHaveText(/● On the line, on another page$/);
    const says = "**/api/op/microphone";
    await desk.page.route(says, (route) => route.abort());
    await far.page.keyboard.press("m");
    await expect(far.button("Muting…")).toBeVisible();
    expect(await muted(far).count()).toBe(0); // also not while it is asked for
    await expect(muted(desk)).toBeVisible();
    await expect(far.region("Messages")).toContainText("does not answer");
    await expect(muted(far)).toHaveCount(0);
    await desk.page.unroute(says);
    await expect(muted(far)).toBeVisible(soon);
  },
);

test(
  "what is wrong with the sound of a phone is said on every page",
  long,
  async ({ desk, house, browser }) => {
    const far = await openFar(browser, house);
    await expect(phone(far)).toHaveText(/● On the line, on another page$/);
    await house.stage.request("PUT", "/stage/faults", { no_media: {} });
    await expect(phone(far)).toHaveText(/▲ No sound from the line, on another page$/, { timeout: 8_000 });
    await house.stage.request("PUT", "/stage/faults", {});
    await desk.isOnLine();
    await expect(phone(far)).toHaveText(/● On the line, on another page$/);
  },
);
