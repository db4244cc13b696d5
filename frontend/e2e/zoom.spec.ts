import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { chromium, type Page } from "@playwright/test";
import { whole } from "./kit/chromium";
import { long } from "./kit/long";
import { expect, test } from "./kit/test";

/** Chromium's zoom is this to the power of a level. */
const zoomBase = 1.2;

/** The size in device pixels of each text of the desk, by what it says. */
const typeSizes = (page: Page) =>
  page.evaluate(() => {
    const sizes: Record<string, number> = {};
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node = texts.nextNode(); node; node = texts.nextNode()) {
      const text = node.textContent?.trim() ?? "";
      const element = node.parentElement;
      // Times differ from one look to the next; what is not seen has no size.
      if (!text || /\d:\d/.test(text) || !element?.checkVisibility()) continue;
      sizes[text] = Number.parseFloat(getComputedStyle(element).fontSize) * devicePixelRatio;
    }
    return sizes;
  });

test(
  "a zoom of 200 % doubles every text of the desk, and none is cut off",
  long,
  async ({ house, desk, launchOptions }, info) => {
    await desk.is(await house.ring(), "ready");
    /** What a browser of its own, zoomed so, shows. */
    const look = async (zoom: number) => {
      const profile = info.outputPath(`profile-${zoom}`);
      await mkdir(join(profile, "Default"), { recursive: true });
      await writeFile(
        join(profile, "Default", "Preferences"),
        JSON.stringify({ partition: { default_zoom_level: { x: Math.log(zoom) / Math.log(zoomBase) } } }),
      );
      const browser = await chromium.launchPersistentContext(profile, {
        ...launchOptions,
        executablePath: whole, // the zoom that a profile keeps is of its surface
        viewport: null,
        args: [...(launchOptions.args ?? []), "--window-size=1920,1080"],
      });
      const page = browser.pages()[0] ?? (await browser.newPage());
      await page.goto(await house.invite());
      await page
        .getByRole("button", { name: /^Take / })
        .first()
        .waitFor();
      expect(await page.evaluate(() => devicePixelRatio)).toBeCloseTo(zoom, 2);
      const sizes = await typeSizes(page);
      const over = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      await page.keyboard.press("Shift+W");
      await page.locator("canvas").waitFor();
      const drawn = await page.locator("canvas").evaluate((canvas) => {
        const [, px = "0"] = (canvas as HTMLCanvasElement).getContext("2d")?.font.match(/([\d.]+)px/) ?? [];
        return Number(px);
      });
      await browser.close();
      return { sizes, over, drawn };
    };
    const once = await look(1);
    const twice = await look(2);
    expect(twice.over).toBeLessThanOrEqual(0);
    const doubled = 1.9; // of whole pixels
    expect(twice.drawn / once.drawn).toBeGreaterThan(doubled);
    // What somebody hears changes by itself from one look to the other.
    const smaller = Object.entries(once.sizes).filter(
      ([text, px]) => !text.startsWith("hears:") && !((twice.sizes[text] ?? 0) / px > doubled),
    );
    expect(smaller).toEqual([]);
  },
);
