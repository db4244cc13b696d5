import { Desk } from "./kit/desk";
import { dj, expect, test } from "./kit/test";

test("in direct mode * brings the next caller", async ({ house, page }) => {
  const desk = new Desk(page, house.url);
  await desk.open();
  const ana = await house.ring();
  const ben = await house.ring();
  await desk.isIn(ben, "Waiting");

  await desk.connectDirect();
  await Promise.all([desk.hears(ana), ana.hears(dj), desk.hearsNot(ben), ben.hearsNot(dj)]);

  await desk.star();
  await Promise.all([desk.hears(ben), ben.hears(dj), desk.hearsNot(ana), ana.hearsNot(dj)]);
  await ana.isGone();
  expect(house.callin.ended).toBe(false);
});
