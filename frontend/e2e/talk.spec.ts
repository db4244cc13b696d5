import { dj, expect, test } from "./kit/test";

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
