import { expect, test } from "./kit/test";

interface Queues {
  queues: { friendly_name: string; max_size: number }[];
}

test("a show closes with words for everyone, and opens again", async ({ desk, house }) => {
  const ana = await house.ring();
  const ben = await house.ring();
  await desk.isIn(ben, "Waiting");

  await desk.closeShow();
  await Promise.all([ana.heard(/over|thank/i), ben.heard(/over|thank/i)]);
  await Promise.all([ana.isGone(), ben.isGone()]);
  await expect.poll(async () => (await house.stage.rest<Queues>("Queues.json")).queues).toEqual([]);

  const cleo = await house.ring();
  await cleo.heard(/not on air|closed|over/i);
  await cleo.isGone();

  await desk.openShow();
  await expect
    .poll(async () => (await house.stage.rest<Queues>("Queues.json")).queues.map((q) => q.max_size))
    .toEqual([5000, 5000]);
  const dev = await house.ring();
  await desk.isIn(dev, "Waiting");
  await desk.next();
  await desk.isIn(dev, "On air");
  await desk.hears(dev);
});
