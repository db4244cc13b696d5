import { Desk } from "./kit/desk";
import { dj, test } from "./kit/test";

test("in direct mode * brings the next caller", async ({ house, page }) => {
  const desk = new Desk(page, house.url);
  await desk.openOnLine();
  const ana = await house.ring();
  await desk.is(ana, "ready"); // in Twilio's queue, whose order the direct mode takes
  const ben = await house.ring();
  await desk.is(ben, "ready");

  await desk.goDirect();
  await desk.is(ana, "direct");
  await Promise.all([desk.hears(ana), ana.hears(dj), desk.hearsNot(ben), ben.hearsNot(dj)]);

  await desk.nextDirect();
  await desk.is(ben, "direct");
  await Promise.all([desk.hears(ben), ben.hears(dj), desk.hearsNot(ana), ana.hearsNot(dj)]);
  await ana.heard(/Thank you for calling/);
  await ana.isGone();
});
