import type { Page } from "@playwright/test";
import { Desk } from "./kit/desk";
import { change, madeFeed, sid } from "./kit/feed";
import { long } from "./kit/long";
import { expect, test } from "./kit/test";

const many = 5_000;

/** Gives the page a feed in which so many wait; Callin knows nothing of them. */
async function crowded(page: Page) {
  const now = Date.now();
  const cards = Array.from({ length: many }, (_, i) => {
    const n = i + 1;
    return {
      call: sid(n),
      number: `+1201${(5_550_000 + n).toString()}`,
      name: n % 3 === 0 ? "" : `Caller ${n}`,
      location: n % 2 ? "Leeds" : "",
      topic: n % 1_700 === 0 ? "The new roundabout" : "",
      arrived: now - 1_000 * (many - i),
      studio: "",
      place: { kind: "queue", name: "on-air" },
      since: now,
      rank: n,
      locked: false,
      airMs: 0,
    };
  });
  const show = {
    name: "Late",
    state: "open",
    screens: false,
    queues: ["on-air", "screening"],
    parkMs: 3_000,
  };
  const station = { rehearsal: true, telephone: false };
  const studios = [
    {
      id: "",
      name: "Studio",
      number: "+12025550100",
      dialIn: "",
      line: "studio",
      lanes: ["studio"],
      show,
      next: sid(1),
    },
  ];
  const check = { now: false, lostAt: 0, mended: 0, mendedAt: 0 };
  const desks = [{ id: "", name: "This computer", roles: ["host"], studios: [""], here: true }];
  const picture = { seq: 1, now, station, studios, lines: [], cards, desks, you: "", voicemail: [], check };
  await madeFeed(page, picture);
}

const nodes = (page: Page) => page.evaluate(() => document.querySelectorAll("*").length);

test(
  "five thousand who wait are few rows, and all of them are reached by keyboard",
  long,
  async ({ house, page }) => {
    await crowded(page);
    const desk = new Desk(page, house.url);
    await desk.open();
    const list = desk.region("Ready").getByRole("list");
    const row = (n: number) => list.locator(`li[data-call="${sid(n)}"]`);
    const has = async (n: number) => {
      await expect(row(n).locator("[data-card]")).toBeFocused();
      await expect(row(n)).toBeInViewport({ ratio: 0.9 });
      await expect(row(n)).toHaveAttribute("aria-posinset", `${n}`);
      await expect(row(n)).toHaveAttribute("aria-setsize", `${many}`);
      expect(await nodes(page)).toBeLessThan(3_000);
    };
    await expect(row(1)).toBeVisible();
    await expect(row(many)).toHaveCount(0);
    expect(await nodes(page)).toBeLessThan(3_000);

    await page.keyboard.press("End");
    await has(many);
    await page.keyboard.press("ArrowUp");
    await has(many - 1);
    await page.keyboard.press("Home");
    await has(1);
    for (let n = 2; n <= 40; n++) await page.keyboard.press("ArrowDown");
    await has(40);

    // What the keyboard is in stays, however far away it is looked and whoever leaves.
    await list.hover();
    await page.mouse.wheel(0, 100_000);
    await expect(row(40)).not.toBeInViewport();
    await change(page, { seq: 2, gone: [sid(1), sid(2)], next: sid(3) });
    await expect(list.getByRole("listitem").first()).toHaveAttribute("aria-setsize", `${many - 2}`);
    await expect(row(40).locator("[data-card]")).toBeFocused();
    await page.keyboard.press("ArrowDown");
    await expect(row(41).locator("[data-card]")).toBeFocused();
    await expect(row(41)).toBeInViewport({ ratio: 0.9 });
  },
);

test("a caller is found among five thousand by name, number or topic", long, async ({ house, page }) => {
  await crowded(page);
  const desk = new Desk(page, house.url);
  await desk.open();
  const ready = desk.region("Ready");
  const finds = async (text: string, ...found: number[]) => {
    await page.keyboard.press("Escape");
    await page.keyboard.press("/");
    await page.keyboard.type(text);
    await expect(ready.getByRole("status").first()).toHaveText(`${found.length} of 5,000`);
    expect(await desk.ready()).toEqual(found.map(sid));
  };
  await finds("caller 4711", 4711);
  await finds("round", 1700, 3400);
  await finds("(201) 555-43 21", 4321);
  await expect(ready.getByRole("listitem").getByText("4321", { exact: true })).toBeVisible(); // its place
  await page.keyboard.press("ArrowDown");
  const card = ready.locator(`li[data-call="${sid(4321)}"] [data-card]`);
  await expect(card).toBeFocused();
  await page.keyboard.press("Escape");
  await expect(ready.getByRole("status").first()).toHaveText("");
  await expect(ready.getByRole("listitem").first()).toHaveAttribute("aria-setsize", "5000");
  await expect(card).toBeFocused();
  await expect(card).toBeInViewport();
  await finds("nobody like that");
  await expect(ready.getByText("Nobody like that is ready.")).toBeVisible();
});

test(
  "a list of five thousand holds still under the pointer, and a row of it is dragged past its edge",
  long,
  async ({ house, page }) => {
    await crowded(page);
    const desk = new Desk(page, house.url);
    await desk.open();
    const list = desk.region("Ready").getByRole("list");
    const row = (n: number) => list.locator(`li[data-call="${sid(n)}"]`);
    const size = (n: number) =>
      expect(list.getByRole("listitem").first()).toHaveAttribute("aria-setsize", `${n}`);
    const box = await list.locator("..").boundingBox();
    if (!box) throw new Error("no list");
    await row(3).hover();
    await page.mouse.wheel(0, 60_000);
    await expect(row(1)).not.toBeInViewport();
    const under = () =>
      page.evaluate(([x, y]) => document.elementFromPoint(x, y)?.closest("li")?.getAttribute("data-call"), [
        box.x + 20,
        box.y + 90,
      ] as const);
    await page.mouse.move(box.x + 20, box.y + 90);
    await expect.poll(under).toBeTruthy();
    const held = await under();
    await change(page, { seq: 2, gone: Array.from({ length: 500 }, (_, i) => sid(i + 1)), next: sid(501) });
    await expect(desk.region("Ready").getByText("500 gone")).toBeVisible();
    expect(await under()).toBe(held);
    await size(many);
    await page.mouse.move(5, 5);
    await size(many - 500);

    await page.keyboard.press("Home");
    await expect(row(501)).toBeInViewport();
    const ordered = page.waitForRequest(/\/api\/op\/order$/);
    await expect(list).not.toHaveCSS("pointer-events", "none"); // as it has while the list scrolls
    await row(503).locator(".grip").hover();
    await page.mouse.down();
    await page.mouse.move(box.x + 20, box.y + box.height + 20, { steps: 3 });
    const scrolled = () => list.evaluate((ul) => ul.parentElement?.scrollTop ?? 0);
    await expect.poll(scrolled).toBeGreaterThan(500);
    await page.mouse.move(box.x + 20, box.y + box.height / 2);
    const lands = list.locator("li[data-lands=before]");
    await expect(lands).toHaveCount(1);
    const before = await lands.getAttribute("data-call");
    await page.mouse.up();
    expect((await ordered).postDataJSON()).toEqual({ call: sid(503), before });
    expect(Number.parseInt(before?.slice(2) ?? "", 16)).toBeGreaterThan(510);
  },
);
