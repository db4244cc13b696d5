import { maria, stationPicture } from "./kit/account";
import { madeFeed, sid } from "./kit/feed";
import { expect, test } from "./kit/test";

test("no view is wider than a screen of 320 px, and at 1024 px two on air are in view", async ({
  desk,
  house,
}) => {
  const { page } = desk;
  const ana = await house.ring({ name: "Wolfeschlegelsteinhausenbergerdorff the 3rd" });
  const ben = await house.ring();
  const cleo = await house.ring();
  await desk.is(cleo, "ready");
  await desk.next();
  await desk.is(ana, "on air");
  await desk.press(ana, "Lock");
  await desk.press(ben, "Take");
  await desk.is(ben, "on air");

  await page.setViewportSize({ width: 1024, height: 768 });
  for (const who of [ana, ben]) await expect(desk.card(who)).toBeInViewport({ ratio: 0.9 });

  await page.setViewportSize({ width: 320, height: 640 });
  const isNoWider = async (what: string) =>
    expect(await page.evaluate(() => document.documentElement.scrollWidth), what).toBe(320);
  await isNoWider("two on air");
  await desk.press(ben, "Hold");
  await desk.is(ben, "on hold");
  await isNoWider("one on hold");
  for (const key of ["?", "Shift+W", "Shift+R", "Shift+E", "r"]) {
    await page.keyboard.press(key);
    const dialog = page.getByRole("dialog");
    await expect(dialog).toBeVisible();
    await isNoWider(key);
    expect(await dialog.evaluate((d) => d.scrollWidth - d.clientWidth), key).toBe(0);
    await page.keyboard.press("Escape");
    await expect(dialog).toBeHidden();
  }
});

test("the bottom line is one line at 1366 px, whatever is to be said", async ({ page, house }) => {
  const now = Date.now();
  const check = { now: false, lostAt: now, mended: 0, mendedAt: 0 };
  const made = stationPicture(true, [maria(now - 3_700_000), { ...maria(now), call: sid(2) }]);
  await madeFeed(page, { ...made, check });
  await page.setViewportSize({ width: 1366, height: 768 });
  await page.goto(house.url);
  const footer = page.getByRole("contentinfo");
  await expect(footer).toContainText("Twilio has not answered since");
  // All of it stands beside one another; of the numbers those for which there is no room are not half there.
  const cut = await footer.evaluate((at) => {
    const box = at.getBoundingClientRect();
    const half = [...at.querySelectorAll("button, [role=status], .phone, .numbers span")].filter((e) => {
      const { top, bottom, left, right } = e.getBoundingClientRect();
      const whole = top >= box.top && bottom <= box.bottom && left >= 0 && right <= innerWidth;
      return (
        !whole &&
        !(e.matches(".numbers span") && top >= (e.parentElement as Element).getBoundingClientRect().bottom)
      );
    });
    return [box.height > 40 ? `${box.height} px high` : "", ...half.map((e) => e.textContent)].join("");
  });
  expect(cut).toBe("");
});
