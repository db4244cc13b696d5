import AxeBuilder from "@axe-core/playwright";
import type { Locator } from "@playwright/test";
import { long } from "./kit/long";
import { expect, test } from "./kit/test";

/** The time that a row says, in seconds. */
async function seconds(row: Locator): Promise<number> {
  const [, clock = ""] = (await row.textContent())?.match(/(?:Waiting|On air for):\s*([\d:]+)/) ?? [];
  return clock.split(":").reduce((sum, part) => 60 * sum + Number(part), 0);
}

/** How many points of a chart have the colour of a variable of the page. */
const painted = (canvas: Locator, variable: string) =>
  canvas.evaluate((element, name) => {
    const paint = document.createElement("canvas").getContext("2d");
    const drawn = element instanceof HTMLCanvasElement && element.getContext("2d");
    if (!paint || !drawn) throw new Error("no canvas");
    paint.fillStyle = getComputedStyle(element).getPropertyValue(name);
    paint.fillRect(0, 0, 1, 1);
    const [r, g, b] = paint.getImageData(0, 0, 1, 1).data;
    const { data } = drawn.getImageData(0, 0, element.width, element.height);
    let count = 0;
    for (let i = 0; i < data.length; i += 4)
      if (data[i] === r && data[i + 1] === g && data[i + 2] === b) count++;
    return count;
  }, variable);

test(
  "W shows how long each one waits, who is on air, and the queue over the show",
  long,
  async ({ desk, house }) => {
    const { page } = desk;
    const charts: string[] = [];
    page.on("request", (request) => /plot/.test(request.url()) && charts.push(request.url()));
    const ana = await house.ring();
    const ben = await house.ring();
    const cleo = await house.ring();
    await desk.is(cleo, "ready");
    await desk.press(cleo, "Set aside");
    await desk.is(cleo, "set aside");
    await desk.next();
    await desk.is(ana, "on air");
    expect(charts, "the chart is not loaded before it is asked for").toEqual([]);

    const opener = desk.button("Record");
    await opener.focus();
    await page.keyboard.press("Shift+W");
    const waits = page.getByRole("dialog", { name: "Waits" });
    const rows = waits.getByRole("listitem");
    await expect(rows).toHaveCount(3);
    await expect(rows.nth(0)).toContainText(/Ana.*On air.*On air for/s);
    await expect(rows.nth(1)).toContainText(/Ben.*Ready · place 1.*Waiting/s);
    await expect(rows.nth(2)).toContainText(/Cleo.*Set aside.*Waiting/s);
    for (const row of await rows.all()) {
      const before = await seconds(row);
      await expect.poll(() => seconds(row)).toBeGreaterThan(before);
    }
    // Who is on air and who waits are bars of the same measure.
    const width = async (row: Locator) => (await row.locator(".bar > span").boundingBox())?.width ?? 0;
    expect(await width(rows.nth(1))).toBeGreaterThan(await width(rows.nth(0)));

    const said = /Now 2 wait, the longest 0\d:\d\d; most at once 3 at \d\d:\d\d(\s[AP]M)?\./;
    const chart = waits.getByRole("img", { name: said });
    await expect(waits.getByText(said)).toBeVisible();
    const canvas = chart.locator("canvas");
    for (const colour of ["--waiting", "--air", "--aside"])
      await expect.poll(() => painted(canvas, colour)).toBeGreaterThan(20);
    expect(charts).not.toEqual([]);
    expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);

    // It goes on by itself.
    const dev = await house.ring();
    await expect(waits.getByText(/Now 3 wait, .* most at once 3 at/)).toBeVisible();
    await expect(rows.filter({ hasText: dev.name })).toContainText("Ready · place 2");
    await house.ring();
    await expect(waits.getByText(/Now 4 wait, .* most at once 4 at/)).toBeVisible();
    await ben.hangUp();
    await expect(rows).toHaveCount(4);

    await page.keyboard.press("Escape");
    await expect(waits).toBeHidden();
    await expect(opener).toBeFocused();
  },
);

test(
  "of a long queue the first thirty have bars, and the others are counted",
  long,
  async ({ desk, house }) => {
    const { page } = desk;
    const first = await house.ring();
    await desk.is(first, "ready");
    const ring = page.getByRole("region", { name: "Stage" });
    await expect(ring).toBeVisible();
    await desk.page.keyboard.press("Shift+W");
    const waits = page.getByRole("dialog", { name: "Waits" });
    await Promise.all(
      Array.from({ length: 32 }, (_, n) =>
        house.stage.ring({ name: `Caller ${n}`, number: `+120155502${10 + n}` }),
      ),
    );
    await expect(waits.getByText("and 3 more")).toBeVisible({ timeout: 20_000 });
    await expect(waits.getByRole("listitem")).toHaveCount(30);
  },
);
