import { expect, test } from "./kit/test";

test("taking a caller who hangs up airs nobody and says so", async ({ desk, house }) => {
  const ana = await house.ring();
  await desk.is(ana, "ready");
  const air = desk.region("On air").locator("li[data-call]");

  // The page's picture is a moment old: nobody has told it yet that Ana is gone.
  await desk.page.evaluate((call) => {
    const card = document.querySelector<HTMLElement>(`li[data-call="${call}"]`);
    const take = [...(card?.querySelectorAll<HTMLElement>("button") ?? [])].find((b) =>
      b.ariaLabel?.startsWith("Take "),
    );
    (window as unknown as { take?: () => void }).take = () => take?.click();
  }, ana.sid);
  await ana.hangUp();
  await desk.page.evaluate(() => (window as unknown as { take: () => void }).take());

  await expect(desk.region("Messages").getByText(/hung up/)).toBeVisible();
  await desk.isNowhere(ana);
  await expect(air).toHaveCount(0);
});

test("Next goes on to the following caller when the first has hung up", async ({ desk, house }) => {
  const ana = await house.ring();
  const ben = await house.ring();
  await desk.is(ben, "ready");
  await Promise.all([ana.hangUp(), desk.next()]);
  await desk.is(ben, "on air");
  await desk.hears(ben);
  await desk.isNowhere(ana);
});
