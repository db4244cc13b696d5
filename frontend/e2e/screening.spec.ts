import { expect, test } from "./kit/test";

test.use({ toml: "screens = true" });

test("in a show with screening nobody is next until they were made ready", async ({ desk, house }) => {
  const { page } = desk;
  const ana = await house.ring();
  await desk.is(ana, "to be screened");
  await expect(desk.region("Next")).toContainText("Nobody is ready: 1 waits to be made ready.");
  const ben = await house.ring();
  await desk.is(ben, "to be screened");
  await expect(desk.region("Next")).toContainText("Nobody is ready: 2 wait to be made ready.");

  // A key that takes says why it does not, and nobody comes to air.
  await page.keyboard.press("F1");
  await expect(desk.region("Messages")).toContainText("Nobody is ready");
  await desk
    .card(ana)
    .getByRole("button", { name: /^Edit / })
    .focus();
  await page.keyboard.press("t");
  await expect(desk.region("Messages")).toContainText(`${ana.name} was not made ready: S does that first.`);
  expect(await desk.ready()).toEqual([]);

  // Whoever screens goes through the list: the next to screen has the focus.
  await desk.press(ana, "Make ready");
  await desk.is(ana, "ready");
  await expect(desk.card(ben, "To screen").locator(":focus")).toHaveCount(1);
  await expect(desk.region("Next")).toContainText("takes Ana");
  await expect(desk.button("Next")).toBeEnabled();
  await page.keyboard.press("F1");
  await desk.is(ana, "on air");
  await desk.hears(ana);
  await expect(desk.region("Next")).toContainText("Nobody is ready: 1 waits to be made ready.");
});
