import { expect, test } from "./kit/test";

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
