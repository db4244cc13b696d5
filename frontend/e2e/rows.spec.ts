import { Desk } from "./kit/desk";
import { long } from "./kit/long";
import type { Caller } from "./kit/stage";
import { expect, test } from "./kit/test";

/** The middle of a caller's row, or of what is called so in it. */
async function middle(desk: Desk, caller: Caller, name?: RegExp): Promise<readonly [number, number]> {
  const card = desk.card(caller, "Ready");
  const box = await (name ? card.getByRole("button", { name }) : card).boundingBox();
  if (!box) throw new Error(`${caller.name} has no place`);
  return [box.x + box.width / 2, box.y + box.height / 2];
}

/** Whose row is at a point, and what is written there. */
const at = (desk: Desk, [x, y]: readonly [number, number]) =>
  desk.page.evaluate(
    ([x, y]) => document.elementFromPoint(x, y)?.closest("li")?.textContent?.replaceAll(/\s+/g, " ") ?? "",
    [x, y] as const,
  );

test("the row under a resting pointer stays the same person's until the pointer leaves", async ({
  desk,
  house,
}) => {
  const { page } = desk;
  const ana = await house.ring();
  const ben = await house.ring();
  const cleo = await house.ring();
  await desk.is(cleo, "ready");
  const place = await middle(desk, ben);
  const ready = desk.region("Ready");
  const asks: string[] = [];
  page.on("request", (r) => asks.push(r.url().match(/\/api\/op\/(take|drop)$/)?.[1] ?? ""));
  const taken = () => asks.filter(Boolean);

  await page.mouse.move(...place);
  const button = await middle(desk, ana, /^Take /);
  await ana.hangUp();
  await expect(desk.region("Next")).toContainText("Ben"); // the truth at once
  await expect(ready.getByText("Held still under your hand: 1 gone")).toBeVisible();
  expect(await at(desk, place)).toContain("Ben");
  const grey = ready.getByRole("listitem").first();
  await expect(grey).toContainText("hung up");
  await expect(grey.getByRole("button")).toHaveCount(0);
  await page.mouse.click(...button); // on the grey row
  await page.keyboard.press("1");
  await expect(desk.region("Messages")).toContainText("1 was Ana, who is not waiting any more.");
  const dev = await house.ring();
  await desk.is(dev, "ready");
  expect(await desk.ready()).toEqual([ben.sid, cleo.sid, dev.sid]);
  expect(await at(desk, place)).toContain("Ben");
  expect(taken()).toEqual([]);

  await page.mouse.move(5, 5);
  await expect(ready.getByRole("listitem")).toHaveCount(3);
  await expect(ready.getByText("Held still")).toHaveCount(0);
  await expect(ready.getByRole("listitem").first()).toContainText("Ben");

  // Where nothing moves no press is refused.
  const [x, y] = await middle(desk, cleo, /^Take /);
  await page.mouse.move(x, y);
  await page.waitForTimeout(900); // the row has come to its place just now
  await page.mouse.move(x + 1, y);
  await ben.hangUp();
  await expect(desk.region("Next")).toContainText("Cleo");
  await page.mouse.click(x + 1, y);
  await desk.is(cleo, "on air");
  expect(taken()).toEqual(["take"]);
});

test(
  "a key that moves in the list shows it as it is, and a parked pointer does not keep it stale",
  long,
  async ({ desk, house }) => {
    const { page } = desk;
    const ana = await house.ring();
    const ben = await house.ring();
    const cleo = await house.ring();
    await desk.is(cleo, "ready");
    const rows = desk.region("Ready").getByRole("listitem");
    await page.mouse.move(...(await middle(desk, ben)));
    await ana.hangUp();
    await expect(rows.first()).toContainText("hung up");
    await page.keyboard.press("ArrowDown");
    await expect(rows).toHaveCount(2);
    await expect(desk.card(ben).locator("[data-card]")).toBeFocused();

    await page.mouse.move(...(await middle(desk, cleo, /^Take /)));
    await ben.hangUp();
    await expect(rows.first()).toContainText("hung up");
    await expect(desk.card(cleo).locator("[data-card]")).toBeFocused(); // gone on to
    await expect(rows).toHaveCount(1, { timeout: 6_000 });
  },
);

test("a press is heeded however many ring at that moment", long, async ({ desk, house }) => {
  const ana = await house.ring();
  await desk.is(ana, "ready");
  const place = await middle(desk, ana, /^Take /);
  await desk.page.waitForTimeout(900); // her row has come to its place just now
  const ben = await house.stage.ring({ name: "Ben", patience_seconds: 900 });
  await expect(desk.card(ben)).toBeVisible();
  await desk.page.mouse.click(...place);
  await desk.is(ana, "on air");
});

/** The grip of a caller's row. */
async function grip(desk: Desk, caller: Caller): Promise<readonly [number, number]> {
  const box = await desk.card(caller, "Ready").locator(".grip").boundingBox();
  if (!box) throw new Error(`${caller.name} has no grip`);
  return [box.x + box.width / 2, box.y + box.height / 2];
}

test("a caller is dragged to another place, as every page shows; Esc and a hang-up end it", async ({
  desk,
  house,
}) => {
  const { page } = desk;
  const ana = await house.ring();
  const ben = await house.ring();
  const cleo = await house.ring();
  const dev = await house.ring();
  await desk.is(dev, "ready");
  const other = new Desk(await page.context().newPage(), new URL("/", desk.url).href);
  await other.open();
  await page.bringToFront();
  const order = async (...callers: Caller[]) => {
    for (const each of [desk, other])
      await expect.poll(() => each.ready()).toEqual(callers.map((caller) => caller.sid));
  };
  const [x, first] = await grip(desk, ana);
  const lands = desk.region("Ready").locator("li[data-lands]");

  await page.mouse.move(...(await grip(desk, dev)));
  await page.mouse.down();
  await page.mouse.move(x, first + 5, { steps: 4 });
  await expect(lands).toHaveCount(1);
  await page.keyboard.press("Escape");
  await expect(lands).toHaveCount(0);
  await page.mouse.up();
  await order(ana, ben, cleo, dev);

  await page.mouse.move(...(await grip(desk, dev)));
  await page.mouse.down();
  await page.mouse.move(x, first - 5, { steps: 4 });
  await expect(desk.card(ana)).toHaveAttribute("data-lands", "before");
  await page.mouse.up();
  // Though the pointer still rests there: a list is held for four seconds.
  await expect.poll(() => desk.ready(), { timeout: 3_000 }).toEqual([dev, ana, ben, cleo].map((c) => c.sid));
  await order(dev, ana, ben, cleo);

  await page.mouse.move(...(await grip(desk, dev)));
  await page.mouse.down();
  await page.mouse.move(x, (await grip(desk, cleo))[1] + 10, { steps: 4 });
  await expect(desk.card(cleo)).toHaveAttribute("data-lands", "after");
  await page.mouse.up();
  await order(ana, ben, cleo, dev);

  await page.mouse.move(...(await grip(desk, ben)));
  await page.mouse.down();
  await page.mouse.move(x, first - 5, { steps: 4 });
  await expect(lands).toHaveCount(1);
  await ben.hangUp();
  await expect(desk.region("Messages")).toContainText(
    "Ben does not wait here any more (hung up), so nobody was moved.",
  );
  await expect(lands).toHaveCount(0);
  await page.mouse.up();
  await order(ana, cleo, dev);

  await page.keyboard.press("/");
  await page.keyboard.type("e");
  await expect.poll(() => desk.ready()).toEqual([cleo.sid, dev.sid]);
  await page.mouse.move(...(await grip(desk, dev)));
  await page.mouse.down();
  await expect(desk.region("Messages")).toContainText("A find hides who would be before and after Dev");
  await page.mouse.up();
});
