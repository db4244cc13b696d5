import { dj, expect, test } from "./kit/test";

test("three callers ring and come on air one by one", async ({ desk, house }) => {
  const ana = await house.ring();
  const ben = await house.ring();
  const cleo = await house.ring();
  for (const caller of [ana, ben, cleo]) await desk.isIn(caller, "Waiting");
  expect(await desk.waiting()).toEqual(["Ana", "Ben", "Cleo"]);

  await desk.next();
  await desk.isIn(ana, "On air");
  await Promise.all([
    desk.hears(ana),
    ana.hears(dj),
    ben.hearsNot(dj),
    cleo.hearsNot(dj),
    desk.hearsNot(ben),
    desk.hearsNot(cleo),
  ]);

  await desk.next();
  await desk.isIn(ben, "On air");
  await Promise.all([
    desk.hears(ben),
    ben.hears(dj),
    desk.hearsNot(ana),
    ana.hearsNot(dj),
    cleo.hearsNot(dj),
  ]);
  await ana.heard(/thank/i);
  await ana.isGone();
  await desk.isNowhere(ana);
});

test("a caller is taken out of order", async ({ desk, house }) => {
  const ana = await house.ring();
  const ben = await house.ring();
  const cleo = await house.ring();
  await desk.isIn(cleo, "Waiting");

  await desk.press(cleo, /^Take/);
  await desk.isIn(cleo, "On air");
  await Promise.all([desk.hears(cleo), cleo.hears(dj), ana.hearsNot(dj), ben.hearsNot(dj)]);
  expect(await desk.waiting()).toEqual(["Ana", "Ben"]);
});

test("a locked caller is passed by, on air and in the queue", async ({ desk, house }) => {
  const ana = await house.ring();
  const ben = await house.ring();
  const cleo = await house.ring();
  await desk.isIn(cleo, "Waiting");
  await desk.press(ben, /^Lock/);
  await expect(desk.card(ben).getByRole("button", { name: /^Unlock/ })).toBeVisible();

  await desk.next();
  await desk.isIn(ana, "On air");
  await desk.press(ana, /^Lock/);
  await expect(desk.card(ana).getByRole("button", { name: /^Unlock/ })).toBeVisible();

  await desk.next();
  await desk.isIn(cleo, "On air");
  await desk.isIn(ana, "On air");
  await desk.isIn(ben, "Waiting");
  await Promise.all([desk.hears(ana), desk.hears(cleo), ben.hearsNot(dj)]);
});

test("a caller who changes queue is told the new position and keeps the waiting time", async ({
  desk,
  house,
}) => {
  const ana = await house.ring();
  const ben = await house.ring();
  await desk.isIn(ben, "Waiting");
  await ben.heard(/second|number 2|position 2|2nd/i);
  const waited = await desk.waited(ben);

  const moved = Date.now();
  await desk.move(ben, "screening");
  await ben.heard(/next|first|number 1|position 1|1st/i, moved);
  expect(await desk.waited(ben)).toBeGreaterThanOrEqual(waited);
  await desk.isIn(ana, "Waiting");
});
