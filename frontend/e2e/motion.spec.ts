import type { Locator } from "@playwright/test";
import { long } from "./kit/long";
import { expect, test } from "./kit/test";

/** How often a meter is drawn in two seconds. */
const drawings = (meter: Locator): Promise<number> =>
  meter.locator("span").evaluate(
    (cover) =>
      new Promise<number>((done) => {
        let drawn = 0;
        new MutationObserver((changes) => {
          drawn += changes.length;
        }).observe(cover, { attributes: true });
        setTimeout(() => done(drawn), 2_000);
      }),
  );

test("who asks for less motion has meters that move twice a second", long, async ({ desk }) => {
  const meter = desk.page.getByRole("meter", { name: "Microphone level" });
  const calm = await drawings(meter);
  expect(calm).toBeGreaterThan(0);
  expect(calm).toBeLessThanOrEqual(5);
  await desk.page.emulateMedia({ reducedMotion: "no-preference" });
  await desk.page.reload();
  await desk.isOnLine();
  expect(await drawings(meter)).toBeGreaterThan(8);
});
