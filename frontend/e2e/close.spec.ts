import { long } from "./kit/long";
import { expect, test } from "./kit/test";

interface Queues {
  queues: { friendly_name: string; max_size: number }[];
}

test("a show closes with words for everyone, and opens again", long, async ({ desk, house }) => {
  const ana = await house.ring();
  const ben = await house.ring();
  await desk.is(ben, "ready");

  await desk.closeShow();
  await Promise.all([ana.heard(/Thank you for calling/), ben.heard(/Thank you for calling/)]);
  await Promise.all([ana.isGone(), ben.isGone()]);
  await expect.poll(async () => (await house.stage.rest<Queues>("Queues.json")).queues).toEqual([]);

  const cleo = await house.ring();
  await cleo.heard(/not taking calls/);
  await cleo.isGone();

  await desk.leaveSheet();
  await desk.openShow();
  await expect
    .poll(async () => (await house.stage.rest<Queues>("Queues.json")).queues.map((q) => q.max_size))
    .toEqual([5000, 5000]);
  const dev = await house.ring();
  await desk.is(dev, "ready");
  await desk.next();
  await desk.is(dev, "on air");
  await desk.hears(dev);
});
