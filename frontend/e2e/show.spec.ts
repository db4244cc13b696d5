import { dj, expect, test } from "./kit/test";

test("three callers ring and come on air one by one", async ({ desk, house }) => {
  const ana = await house.ring();
  const ben = await house.ring();
  const cleo = await house.ring();
  for (const caller of [ana, ben, cleo]) await desk.is(caller, "ready");
  expect(await desk.ready()).toEqual([ana.sid, ben.sid, cleo.sid]);

  await desk.next();
  await desk.is(ana, "on air");
  await Promise.all([
    desk.hears(ana),
    ana.hears(dj),
    ben.hearsNot(dj),
    cleo.hearsNot(dj),
    desk.hearsNot(ben),
    desk.hearsNot(cleo),
  ]);

  await desk.next();
  await desk.is(ben, "on air");
  await Promise.all([
    desk.hears(ben),
    ben.hears(dj),
    desk.hearsNot(ana),
    ana.hearsNot(dj),
    cleo.hearsNot(dj),
  ]);
  await ana.heard(/Thank you for calling/);
  await ana.isGone();
  await desk.isNowhere(ana);
});

test("a caller is taken out of order", async ({ desk, house }) => {
  const ana = await house.ring();
  const ben = await house.ring();
  const cleo = await house.ring();
  await desk.is(cleo, "ready");

  await desk.press(cleo, "Take");
  await desk.is(cleo, "on air");
  await Promise.all([desk.hears(cleo), cleo.hears(dj), ana.hearsNot(dj), ben.hearsNot(dj)]);
  expect(await desk.ready()).toEqual([ana.sid, ben.sid]);
});

test("a locked caller is passed by, on air and in the queue", async ({ desk, house }) => {
  const ana = await house.ring();
  const ben = await house.ring();
  const cleo = await house.ring();
  await desk.is(cleo, "ready");
  await desk.press(ben, "Lock");
  await expect(desk.card(ben).getByRole("button", { name: /^Unlock/ })).toBeVisible();

  await desk.next();
  await desk.is(ana, "on air");
  await desk.press(ana, "Lock");
  await expect(desk.card(ana).getByRole("button", { name: /^Unlock/ })).toBeVisible();

  await desk.next();
  await desk.is(cleo, "on air");
  await desk.is(ana, "on air");
  await desk.is(ben, "ready");
  await Promise.all([desk.hears(ana), desk.hears(cleo), ben.hearsNot(dj)]);
});

test("a caller who changes queue is told the new position and keeps the waiting time", async ({
  desk,
  house,
}) => {
  const ana = await house.ring();
  const ben = await house.ring();
  await desk.is(ben, "ready");
  await ben.heard(/number 2/);
  const waited = await desk.waited(ben);

  const moved = Date.now();
  await desk.press(ben, "Set aside");
  await desk.is(ben, "set aside");
  await ben.heard(/You are next/, moved);
  expect(await desk.waited(ben)).toBeGreaterThanOrEqual(waited);
  await desk.is(ana, "ready");
});
