import type { Desk } from "./kit/desk";
import type { Caller } from "./kit/stage";
import { dj, expect, type House, test } from "./kit/test";

async function twoOnAir(desk: Desk, house: House): Promise<[Caller, Caller]> {
  const ana = await house.ring();
  const ben = await house.ring();
  for (const caller of [ana, ben]) {
    await desk.is(caller, "ready");
    await desk.press(caller, "Take");
    await desk.is(caller, "on air");
  }
  return [ana, ben];
}

test("two callers on air: all hear each other, and one can be held", async ({ desk, house }) => {
  const [ana, ben] = await twoOnAir(desk, house);
  await Promise.all([
    desk.hears(ana),
    desk.hears(ben),
    ana.hears(dj),
    ana.hears(ben.hz),
    ben.hears(dj),
    ben.hears(ana.hz),
  ]);

  const held = Date.now();
  await desk.press(ana, "Hold");
  await desk.is(ana, "on hold");
  await Promise.all([
    ana.heard(/hold\.wav/, held),
    ana.hearsNot(dj),
    ana.hearsNot(ben.hz),
    desk.hearsNot(ana),
    ben.hearsNot(ana.hz),
    desk.hears(ben),
    ben.hears(dj),
  ]);

  await desk.press(ana, "Resume");
  await desk.is(ana, "on air");
  await Promise.all([desk.hears(ana), ana.hears(dj), ana.hears(ben.hz), ben.hears(ana.hz)]);
});

test("a drop can be undone in time, and only then", async ({ desk, house }) => {
  const [ana, ben] = await twoOnAir(desk, house);
  await desk.press(ana, "Drop");
  await Promise.all([desk.hearsNot(ana), ana.hearsNot(dj), ben.hears(dj)]);
  await desk.undo(ana);
  await desk.is(ana, "on air");
  await Promise.all([desk.hears(ana), ana.hears(dj)]);

  const dropped = Date.now();
  await desk.press(ana, "Drop");
  await ana.heard(/Thank you for calling/, dropped);
  await ana.isGone();
  await desk.isNowhere(ana);
  await Promise.all([desk.hears(ben), ben.hears(dj)]);
});

test("on deck a caller hears the programme and is not heard, then is on air at once", async ({
  desk,
  house,
}) => {
  const ana = await house.ring();
  const ben = await house.ring();
  await desk.is(ben, "ready");
  await desk.next();
  await desk.is(ana, "on air");

  await desk.press(ben, "On deck");
  await desk.is(ben, "on deck");
  await Promise.all([ben.hears(dj), ben.hears(ana.hz), desk.hearsNot(ben), ana.hearsNot(ben.hz)]);

  // To air without a webhook: nothing more is said or played to the caller.
  const told = async () => (await ben.state()).heard.filter(({ kind }) => kind !== "tone");
  const before = await told();
  await desk.press(ben, "Take");
  await desk.is(ben, "on air");
  await Promise.all([desk.hears(ben), ana.hears(ben.hz)]);
  expect(await told()).toEqual(before);
});
