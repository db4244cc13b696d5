import type { Page, Request } from "@playwright/test";
import { Desk } from "./kit/desk";
import { long } from "./kit/long";
import { expect, test } from "./kit/test";

/** How often a page has asked for the feed, and which of these it still reads. */
function asksOf(page: Page) {
  const asks = { begun: 0, open: new Set<Request>() };
  page.on("request", (request) => {
    if (!request.url().includes("/api/feed")) return;
    asks.begun++;
    asks.open.add(request);
  });
  page.on("requestfinished", (request) => asks.open.delete(request));
  page.on("requestfailed", (request) => asks.open.delete(request));
  return asks;
}

test(
  "ten pages of one browser are one desk: they go on without the first, and after a crash",
  long,
  async ({ house, context }) => {
    const desks: Desk[] = [];
    const feeds: ReturnType<typeof asksOf>[] = [];
    for (let n = 0; n < 10; n++) {
      const page = await context.newPage();
      feeds.push(asksOf(page));
      const desk = new Desk(page, n === 0 ? house.url : new URL(house.url).origin);
      await desk.open();
      desks.push(desk);
    }
    const allShow = (...callers: Awaited<ReturnType<typeof house.ring>>[]) =>
      Promise.all(desks.flatMap((desk) => callers.map((caller) => desk.is(caller, "ready"))));
    const reading = () => feeds.reduce((sum, feed) => sum + feed.open.size, 0);

    const ana = await house.ring();
    await allShow(ana);
    await expect.poll(reading).toBe(1); // a page that is slow to be let in takes the turn

    const last = desks.at(-1) as Desk;
    await last.note(ana, { Name: "Ana", Location: "Leeds", Topic: "Buses" });
    for (const desk of desks) await expect(desk.card(ana).getByText("Leeds")).toBeVisible();

    // The page that reads is closed: another one reads on, and nobody is asked for more.
    const reader = feeds.findIndex((feed) => feed.open.size === 1);
    await desks[reader]?.page.close();
    desks.splice(reader, 1);
    feeds.splice(reader, 1);
    const begun = feeds.reduce((sum, feed) => sum + feed.begun, 0);
    const ben = await house.ring();
    await allShow(ana, ben);
    expect(feeds.reduce((sum, feed) => sum + feed.begun, 0)).toBe(begun + 1);

    await house.callin.end("SIGKILL");
    for (const desk of desks) await expect(desk.page.getByText(/is not answering/).first()).toBeVisible();
    await house.start();
    const cleo = await house.ring();
    await allShow(ana, ben, cleo);
    await last.press(cleo, "Lock");
    for (const desk of desks)
      await expect(desk.card(cleo).getByText("locked", { exact: true })).toBeVisible();
    await expect.poll(reading).toBe(1); // a page that is slow to be let in takes the turn
  },
);

test("a page that stands still holds up no other", long, async ({ house, context }) => {
  const first = new Desk(await context.newPage(), house.url);
  await first.open();
  const second = new Desk(await context.newPage(), new URL(house.url).origin);
  await second.open();
  // It has the stream, and from now on runs nothing.
  const still = await context.newCDPSession(first.page);
  await still.send("Debugger.enable");
  await still.send("Debugger.pause");
  void first.page.evaluate(() => 0).catch(() => {});
  const ana = await house.ring();
  await expect(second.card(ana, "Ready")).toBeVisible({ timeout: 30_000 });
  const ben = await house.ring();
  await second.is(ben, "ready");
  await still.send("Debugger.resume");
  await still.send("Debugger.disable");
  await first.is(ben, "ready");
  const cleo = await house.ring();
  await Promise.all([first.is(cleo, "ready"), second.is(cleo, "ready")]);
});
