import { long } from "./kit/long";
import { expect, test } from "./kit/test";

for (const [way, seconds] of [
  ["behind", -600],
  ["ahead", 600],
] as const)
  test(
    `a show goes on though Twilio's clock is ten minutes ${way}`,
    way === "ahead" ? {} : long,
    async ({ house, page, desk }) => {
      await house.stage.request("PUT", "/stage/faults", { clock_seconds: seconds });
      await page.reload();
      await desk.isOnLine();
      const ana = await house.ring();
      await desk.is(ana, "ready");
      expect(await desk.waited(ana)).toBeLessThan(20);
      await desk.next();
      await desk.is(ana, "on air");
      await desk.hears(ana);
      const ben = await house.ring();
      await desk.is(ben, "ready");
      await house.callin.end("SIGKILL");
      await house.start();
      // Compared with Twilio, whose dates are wrong, she is where she was.
      await expect(page.getByRole("contentinfo").getByText(/Checking|mended|has not answered/)).toHaveCount(
        0,
      );
      await desk.is(ana, "on air");
      await desk.hears(ana);
      expect(await desk.waited(ben)).toBeLessThan(60);
    },
  );
