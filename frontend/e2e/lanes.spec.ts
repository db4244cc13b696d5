import { Desk } from "./kit/desk";
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

  // Each lane's level is its caller's, before the fader: of a tone whose top is at -12 dBFS.
  const peak = (name: string) => desk.page.getByRole("meter", { name: `Peak of ${name}` });
  for (const caller of all) {
    await expect(peak(caller.name)).toHaveAttribute("aria-valuenow", /^-1[1-5]$/);
    await expect(desk.card(caller).getByText(/^−1\d LUFS$/)).toBeVisible();
  }
  const fader = desk.page.getByRole("slider", { name: "Fader of Ben, lane 2" });
  await fader.press("Home");
  await expect(fader).toHaveAttribute("aria-valuetext", "closed");
  await ana.hearsNot(ben.hz);
  await desk.hearsNot(ben);
  await ben.hears(ana.hz);
  await expect(peak("Ben")).toHaveAttribute("aria-valuenow", /^-1[1-5]$/);
  await fader.fill("0");
  await ana.hears(ben.hz);
  await desk.hears(ben);
  for (const key of ["-", "-"]) await desk.page.keyboard.press(key); // each press is one, however quick
  await expect(fader).toHaveAttribute("aria-valuetext", "-4 dB");
  await fader.fill("0");

  // Mute is the microphone's alone, and so is what the browser does to it.
  await desk.page.keyboard.press("m");
  await expect(desk.page.getByText("MUTED", { exact: true })).toBeVisible();
  for (const caller of all) await caller.hearsNot(dj);
  await ana.hears(ben.hz);
  await desk.region("Phone").getByLabel("Sound").selectOption("console");
  await expect(desk.region("Phone").getByText(/^Echo cancelling off/)).toBeVisible();
  for (const caller of all) await caller.hearsNot(dj);
  await desk.page.waitForTimeout(900); // the same key again at once would be one press, doubled
  await desk.page.keyboard.press("m");
  for (const caller of all) await caller.hears(dj);
  await ana.hearsNot(ana.hz);

  await desk.button("Mute Ben").click();
  await ana.hearsNot(ben.hz);
  await desk.page.reload();
  await desk.isOnLine();
  await desk.button(/^Bring them back/).click();
  await desk.is(ben, "on air");
  await expect(desk.button("Unmute Ben")).toBeVisible();
  await cleo.hears(ana.hz);
  await cleo.hearsNot(ben.hz);
});

test("a desk that is lost holds all lanes, and one lane that is cut its own caller alone", async ({
  desk,
  house,
  context,
}) => {
  const ana = await house.ring();
  const ben = await house.ring();
  const cleo = await house.ring();
  for (const caller of [ana, ben]) {
    await desk.is(caller, "ready");
    await desk.press(caller, "Take");
    await desk.is(caller, "on air");
  }
  await Promise.all([ana.hears(ben.hz), ben.hears(ana.hz)]);

  await house.stage.change(`Calls/${await house.stage.deskOn("lane2")}.json`, { Status: "completed" });
  await desk.is(ben, "on hold");
  await ana.hears(dj);
  await ana.hearsNot(ben.hz);
  await expect(desk.region("Phone").getByText("3 of 3 lanes on the line")).toBeVisible();
  await desk.press(ben, "Resume");
  await desk.is(ben, "on air");
  await Promise.all([ana.hears(ben.hz), desk.hears(ben)]);

  const lost = Date.now();
  await desk.page.close();
  await Promise.all([ana.heard(/hold\.wav/, lost), ben.heard(/hold\.wav/, lost)]);
  await Promise.all([ana.hearsNot(ben.hz), ben.hearsNot(ana.hz)]);

  const again = new Desk(await context.newPage(), house.url);
  await again.openOnLine();
  await expect(again.region("Phone").getByText("3 of 3 lanes on the line")).toBeVisible();
  await again.button(/^Bring them back/).click();
  for (const caller of [ana, ben]) await again.is(caller, "on air");
  await Promise.all([again.hears(ana), again.hears(ben), ana.hears(dj), ben.hears(ana.hz)]);

  // With a lane to spare nobody hears the next one as they leave; onto a chosen one they come, once.
  await again.press(ana, "Lock");
  const onto = again.page.getByLabel("Lane that Take and Next use");
  await again.page.keyboard.press(".");
  await expect(onto.getByRole("option", { selected: true })).toHaveText("3");
  await again.page.keyboard.press(".");
  await expect(onto.getByRole("option", { selected: true })).toHaveText("first free");
  await onto.selectOption("1");
  await again.next();
  await expect(again.page.getByText("Ana is on this lane.").first()).toBeVisible();
  await onto.selectOption("3");
  await again.page.waitForTimeout(900); // at once it would be one press, doubled
  await again.next();
  await again.is(cleo, "on air");
  await expect(again.page.getByRole("slider", { name: "Fader of Cleo, lane 3" })).toBeVisible();
  await expect(onto.getByRole("option", { selected: true })).toHaveText("first free");
  await Promise.all([ana.hears(cleo.hz), cleo.hears(ana.hz), cleo.hearsNot(ben.hz)]);
});
