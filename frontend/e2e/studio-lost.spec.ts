import { Desk } from "./kit/desk";
import { absent } from "./kit/stage";
import { dj, expect, test } from "./kit/test";

/** Quieter than this, in dBFS, is silence: mu-law's smallest step is near -78. */
const silence = -60;

test("a DJ alone on the line hears silence", async ({ desk }) => {
  await absent("the DJ should hear nothing", async () => (await desk.level()) > silence);
});

test("callers are held when the desk is lost, and one press brings them back", async ({
  desk,
  house,
  context,
}) => {
  const ana = await house.ring();
  const ben = await house.ring();
  for (const caller of [ana, ben]) {
    await desk.isIn(caller, "Waiting");
    await desk.press(caller, /^Take/);
    await desk.isIn(caller, "On air");
  }
  await Promise.all([ana.hears(ben.ring.tone as number), ben.hears(dj)]);

  const lost = Date.now();
  await desk.page.close();
  const [first, second] = await Promise.all([ana.heard(/hold/, lost), ben.heard(/hold/, lost)]);
  for (const heard of [first, second]) expect(heard.at - lost).toBeLessThan(1000);
  await Promise.all([ana.hearsNot(ben.ring.tone as number), ben.hearsNot(ana.ring.tone as number)]);

  const again = new Desk(await context.newPage(), house.url);
  await again.openOnLine();
  await again.button(/bring.*back/i).click();
  await again.isIn(ana, "On air");
  await again.isIn(ben, "On air");
  await Promise.all([again.hears(ana), again.hears(ben), ana.hears(dj), ben.hears(ana.ring.tone as number)]);
});
