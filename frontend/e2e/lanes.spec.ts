import { dj, expect, test } from "./kit/test";

test.use({
  settings: { CALLIN_PARK_SECONDS: "3", CALLIN_WAIT_SECONDS: "60", CALLIN_SHOW: "Late", CALLIN_LANES: "3" },
});

test("each of three callers has a fader, and hears everybody but themselves", async ({ desk, house }) => {
  const ana = await house.ring();
  const ben = await house.ring();
  const cleo = await house.ring();
  const all = [ana, ben, cleo];
  for (const caller of all) await desk.is(caller, "ready");
  for (const caller of all) {
    await desk.press(caller, "Take");
    await desk.is(caller, "on air");
  }
  for (const caller of all) {
    await desk.hears(caller);
    await caller.hears(dj);
    for (const other of all) if (other !== caller) await caller.hears(other.hz);
    await caller.hearsNot(caller.hz);
  }

  const fader = desk.page.getByRole("slider", { name: "Fader of Ben, lane 2" });
  await fader.press("Home");
  await expect(fader).toHaveAttribute("aria-valuetext", "closed");
  await ana.hearsNot(ben.hz);
  await desk.hearsNot(ben);
  await ben.hears(ana.hz);
  await fader.fill("0");
  await ana.hears(ben.hz);
  await desk.hears(ben);
});
