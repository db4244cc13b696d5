import { expect, test } from "./kit/test";

// Callin is frozen while the caller hangs up and the DJ presses, so that the
// press is made on a picture that is a moment old.

test("taking a caller who has gone airs nobody and says so", async ({ desk, house }) => {
  const ana = await house.ring();
  await desk.is(ana, "ready");
  await house.callin.frozen(async () => {
    await ana.hangUp();
    await desk.press(ana, "Take");
  });
  await expect(desk.region("Messages").getByText(/hung up/)).toBeVisible();
  await desk.isNowhere(ana);
  await expect(desk.region("On air").locator("li[data-call]")).toHaveCount(0);
});

test("Next goes on to the following caller when the first has gone", async ({ desk, house }) => {
  const ana = await house.ring();
  const ben = await house.ring();
  await desk.is(ben, "ready");
  await house.callin.frozen(async () => {
    await ana.hangUp();
    await desk.next();
  });
  await desk.is(ben, "on air");
  await desk.hears(ben);
  await desk.isNowhere(ana);
});
