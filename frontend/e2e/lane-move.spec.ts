import { long } from "./kit/long";
import { dj, expect, test } from "./kit/test";

test.use({ settings: { CALLIN_WAIT_SECONDS: "60", CALLIN_LANES: "2", CALLIN_SHARED_LANE: "true" } });

test(
  "a caller moves to another lane, and the last lane takes several with one fader",
  long,
  async ({ desk, house }) => {
    const ana = await house.ring();
    const ben = await house.ring();
    const cleo = await house.ring();
    for (const caller of [ana, ben, cleo]) await desk.is(caller, "ready");
    await expect(desk.region("Phone").getByText("2 of 2 lanes on the line")).toBeVisible();
    await desk.press(ana, "Take");
    await desk.is(ana, "on air");
    await desk.button("Mute Ana").press("Enter");
    await desk.page.keyboard.press(",");
    await expect(desk.page.getByRole("slider", { name: "Fader of Ana, lane 2", exact: true })).toBeVisible();
    await desk.press(ben, "Take");
    await desk.is(ben, "on air");
    await expect(desk.page.getByRole("slider", { name: "Fader of Ben, lane 1", exact: true })).toBeVisible();
    await Promise.all([ana.hears(dj), ana.hears(ben.hz), ben.hearsNot(ana.hz)]); // she is muted still
    await desk.button("Unmute Ana").press("Enter");
    await Promise.all([ben.hears(ana.hz), desk.hears(ana)]);

    await desk.press(cleo, "Take");
    const fader = desk.page.getByRole("slider", { name: "Fader of Cleo, lane 2, shared by 2" });
    await expect(fader).toBeVisible();
    await Promise.all([ana.hears(cleo.hz), cleo.hears(ana.hz), ben.hears(ana.hz), ben.hears(cleo.hz)]);
    await fader.press("Home");
    await Promise.all([ben.hearsNot(ana.hz), ben.hearsNot(cleo.hz), ana.hearsNot(ana.hz)]);

    const lost = Date.now();
    await desk.page.close();
    await Promise.all([ana, ben, cleo].map((caller) => caller.heard(/hold\.wav/, lost)));
    await Promise.all([ana.hearsNot(cleo.hz), cleo.hearsNot(ana.hz), ben.hearsNot(ana.hz)]);
  },
);
