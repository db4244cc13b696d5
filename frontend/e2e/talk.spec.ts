import type { Desk } from "./kit/desk";
import type { Caller } from "./kit/stage";
import { dj, expect, type House, test } from "./kit/test";

async function twoOnAir(desk: Desk, house: House): Promise<[Caller, Caller]> {
  const ana = await house.ring();
  const ben = await house.ring();
  for (const caller of [ana, ben]) {
    await desk.isIn(caller, "Waiting");
    await desk.press(caller, /^Take/);
    await desk.isIn(caller, "On air");
  }
  return [ana, ben];
}

const hzOf = (caller: Caller): number => caller.ring.tone as number;

test("two callers on air: all hear each other, and one can be held", async ({ desk, house }) => {
  const [ana, ben] = await twoOnAir(desk, house);
  await Promise.all([
    desk.hears(ana),
    desk.hears(ben),
    ana.hears(dj),
    ana.hears(hzOf(ben)),
    ben.hears(dj),
    ben.hears(hzOf(ana)),
  ]);

  const held = Date.now();
  await desk.press(ana, /^Hold/);
  await expect(desk.card(ana).getByRole("button", { name: /^Resume/ })).toBeEnabled();
  await Promise.all([
    ana.heard(/hold/, held),
    ana.hearsNot(dj),
    ana.hearsNot(hzOf(ben)),
    desk.hearsNot(ana),
    ben.hearsNot(hzOf(ana)),
    desk.hears(ben),
    ben.hears(dj),
  ]);

  await desk.press(ana, /^Resume/);
  await expect(desk.card(ana).getByRole("button", { name: /^Hold/ })).toBeEnabled();
  await Promise.all([desk.hears(ana), ana.hears(dj), ana.hears(hzOf(ben)), ben.hears(hzOf(ana))]);
});

test("a drop can be undone in time, and only then", async ({ desk, house }) => {
  const [ana, ben] = await twoOnAir(desk, house);
  await desk.press(ana, /^Drop/);
  await Promise.all([desk.hearsNot(ana), ana.hearsNot(dj), ben.hears(dj)]);
  await desk.press(ana, /^Undo/);
  await desk.isIn(ana, "On air");
  await Promise.all([desk.hears(ana), ana.hears(dj)]);

  const dropped = Date.now();
  await desk.press(ana, /^Drop/);
  await ana.heard(/thank/i, dropped);
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
  await desk.isIn(ben, "Waiting");
  await desk.next();
  await desk.isIn(ana, "On air");

  await desk.press(ben, /deck/i);
  await desk.isIn(ben, "On deck");
  await Promise.all([ben.hears(dj), ben.hears(hzOf(ana)), desk.hearsNot(ben), ana.hearsNot(hzOf(ben))]);

  // To air without a webhook: nothing new is said or played to the caller.
  const before = (await ben.state()).heard.length;
  await desk.press(ben, /^Take|air/i);
  await desk.isIn(ben, "On air");
  await Promise.all([desk.hears(ben), ana.hears(hzOf(ben))]);
  expect((await ben.state()).heard.length).toBe(before);
});
