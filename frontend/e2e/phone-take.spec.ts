import { Desk } from "./kit/desk";
import { dj, expect, test } from "./kit/test";

test("a page that is opened while another has the line asks before it takes it", async ({
  desk,
  house,
  context,
}) => {
  await desk.page.reload(); // so that the copy finds what a page leaves for the next one
  await desk.isOnLine();
  const ana = await house.ring();
  await desk.is(ana, "ready");
  await desk.next();
  await desk.is(ana, "on air");

  // A second tab, and a copy of the first one.
  const opened = context.waitForEvent("page");
  await desk.page.evaluate(() => void window.open(location.href));
  const copy = new Desk(await opened, house.url);
  const second = new Desk(await context.newPage(), house.url);
  await second.open();
  await second.page.reload();
  for (const it of [second, copy]) {
    await expect(it.region("Phone")).toContainText("Another page has the line: Ana is on air.");
    await expect(it.button(/^Take the phone here/)).toBeVisible();
  }
  await desk.isOnLine();
  await Promise.all([desk.hears(ana), ana.hears(dj)]);

  await second.page.keyboard.press("p");
  await second.isOnLine();
  await second.is(ana, "on air");
  await Promise.all([second.hears(ana), ana.hears(dj)]);
  // The one that had it does not take it back when it is loaded anew.
  await expect(desk.button(/^Take the phone here/)).toBeVisible();
  await desk.page.reload();
  await expect(desk.button(/^Take the phone here/)).toBeVisible();
  await second.isOnLine();
});
