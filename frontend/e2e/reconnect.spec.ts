import { Desk } from "./kit/desk";
import { long } from "./kit/long";
import { dj, expect, test } from "./kit/test";

test("a reloaded page has its picture and its call back", async ({ desk, house }) => {
  const ana = await house.ring();
  await desk.is(ana, "ready");
  await desk.next();
  await desk.hears(ana);

  await desk.page.reload();
  await expect(desk.card(ana)).toBeVisible();
  await desk.isOnLine();
  await desk.button(/^Bring the caller back/).click();
  await desk.is(ana, "on air");
  await Promise.all([desk.hears(ana), ana.hears(dj)]);
});

test("a cut event stream is picked up again", async ({ house, page, context }) => {
  const cuts: (() => Promise<void>)[] = [];
  let cut = true;
  await context.route("**/api/feed*", async (route) => {
    if (!cut) return route.continue();
    cuts.push(() => route.abort("connectionreset"));
  });
  const desk = new Desk(page, house.url);
  await page.goto(house.url);
  await expect.poll(() => cuts.length).toBeGreaterThan(0);
  const ana = await house.ring();
  cut = false;
  await Promise.all(cuts.map((end) => end()));
  await expect(desk.card(ana)).toBeVisible();
});

test("signalling that is cut in a call comes back, and the call goes on", async ({ house, page }) => {
  const sockets: { close(): Promise<void> }[] = [];
  await page.routeWebSocket(/\/signal/, (socket) => {
    const server = socket.connectToServer();
    sockets.push({
      async close() {
        await server.close({ code: 1011 });
        await socket.close({ code: 1011 });
      },
    });
  });
  const desk = new Desk(page, house.url);
  await desk.openOnLine();
  const ana = await house.ring();
  await desk.is(ana, "ready");
  await desk.next();
  await desk.hears(ana);

  const before = sockets.length;
  await sockets.at(-1)?.close();
  await expect.poll(() => sockets.length).toBeGreaterThan(before);
  await Promise.all([desk.hears(ana), ana.hears(dj)]);
  await desk.press(ana, "Drop");
  await desk.hearsNot(ana);
});

test("signalling is gone for twenty seconds, and the same call lives on", long, async ({ desk, house }) => {
  const ana = await house.ring();
  await desk.is(ana, "ready");
  await desk.next();
  await desk.hears(ana);
  const phone = desk.region("Phone").getByRole("status").first();
  await expect(phone).toContainText("On the line");
  const participants = async () =>
    (await house.stage.rest<{ calls: { sid: string }[] }>("Calls.json?Status=in-progress")).calls
      .map((c) => c.sid)
      .sort();
  const before = await participants();

  await house.stage.request("PUT", "/stage/faults", { no_signalling: { for_seconds: 20 } });
  await house.stage.request("POST", "/stage/signalling/cut");
  await expect(phone).not.toContainText("On the line", { timeout: 20_000 });
  await Promise.all([desk.hears(ana), ana.hears(dj)]); // the audio needs none
  await expect(phone).toContainText("On the line", { timeout: 40_000 });
  await Promise.all([desk.hears(ana), ana.hears(dj)]);
  expect(await participants()).toEqual(before);
});
