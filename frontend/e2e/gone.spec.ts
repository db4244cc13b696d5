import { expect, test } from "./kit/test";

test("taking a caller who hangs up airs nobody and says so", async ({ desk, house }) => {
  const ana = await house.ring();
  await desk.isIn(ana, "Waiting");
  await desk.withStalePicture(async () => {
    await ana.hangUp();
    await desk.press(ana, /^Take/);
    await expect(desk.page.getByRole("alert").filter({ hasText: /hung up/i })).toBeVisible();
  });
  await desk.isNowhere(ana);
  await expect(desk.section("On air").getByRole("article")).toHaveCount(0);
});

test("Next goes on to the following caller when the first has hung up", async ({ desk, house }) => {
  const ana = await house.ring();
  const ben = await house.ring();
  await desk.isIn(ben, "Waiting");
  await Promise.all([ana.hangUp(), desk.next()]);
  await desk.isIn(ben, "On air");
  await desk.hears(ben);
  await desk.isNowhere(ana);
});
