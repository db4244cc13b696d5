import AxeBuilder from "@axe-core/playwright";
import type { Locator } from "@playwright/test";
import { long } from "./kit/long";
import { expect, test } from "./kit/test";

for (const look of ["dark", "light", "forced colours"] as const) {
  test(
    `the desk has no accessibility fault that a program can find, ${look}`,
    look === "dark" ? {} : long,
    async ({ desk, house }) => {
      const { page } = desk;
      await page.emulateMedia({
        reducedMotion: "reduce",
        forcedColors: look === "forced colours" ? "active" : "none",
      });
      if (look === "light") await desk.button(/^Theme: dark/).click();
      await expect(page.locator("html")).toHaveAttribute("data-theme", look === "light" ? "light" : "dark");
      const ana = await house.ring();
      const ben = await house.ring();
      const cleo = await house.ring();
      await desk.is(cleo, "ready");
      await desk.next();
      await desk.is(ana, "on air");
      await desk.press(ben, "On deck");
      await desk.is(ben, "on deck");

      const result = await new AxeBuilder({ page }).analyze();
      expect(result.violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.html).join("\n")}`)).toEqual([]);

      // What is only drawn has no words that would be left without it.
      await expect(page.getByRole("meter").first()).toHaveCSS("background-image", /gradient/);
      const ground = (of: Locator) => of.evaluate((element) => getComputedStyle(element).backgroundColor);
      expect(await ground(desk.region("Ready").locator("h2 .dot"))).not.toBe(
        await ground(page.locator("body")),
      );
    },
  );
}
