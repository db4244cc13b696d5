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
    await desk.is(caller, "ready");
    await desk.press(caller, "Take");
    await desk.is(caller, "on air");
  }
  await Promise.all([ana.hears(ben.hz), ben.hears(dj)]);

  const lost = Date.now();
  await desk.page.close();
  const [first, second] = await Promise.all([ana.heard(/hold\.wav/, lost), ben.heard(/hold\.wav/, lost)]);
  for (const heard of [first, second]) expect(heard.at - lost).toBeLessThan(1000);
  await Promise.all([ana.hearsNot(ben.hz), ben.hearsNot(ana.hz)]);

  const again = new Desk(await context.newPage(), house.url);
  await again.openOnLine();
  await again.button(/^Bring them back/).click();
  await again.is(ana, "on air");
  await again.is(ben, "on air");
  await Promise.all([again.hears(ana), again.hears(ben), ana.hears(dj), ben.hears(ana.hz)]);
});
