import type { Page } from "@playwright/test";
import { Desk } from "./kit/desk";
import { long } from "./kit/long";
import { ProducersDesk, producer } from "./kit/producer";
import type { Caller } from "./kit/stage";
import { dj, expect, type House, test } from "./kit/test";
import { freePort } from "./kit/tunnel";

let port = 0;
test.use({
  settings: { CALLIN_PARK_SECONDS: "3", CALLIN_WAIT_SECONDS: "60", CALLIN_SHOW: "Late", CALLIN_LANES: "3" },
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads which fixtures there are off it
  toml: async ({}, use) => {
    port = await freePort();
    await use(`door = "127.0.0.1:${port}"\n`);
  },
  ignoreHTTPSErrors: true, // the station's certificate is its own, which a PC would pin
});

/** A page's feed in a test's hands. Made before the page is opened. */
async function feedOf(page: Page) {
  await page.addInitScript(() => {
    const real = window.fetch;
    let cut = new AbortController();
    window.fetch = async (input, init) =>
      String(input).startsWith("/api/feed")
        ? real(input, {
            ...init,
            signal: AbortSignal.any([cut.signal, ...(init?.signal ? [init.signal] : [])]),
          })
        : real(input, init);
    Object.assign(window, {
      cutFeed: () => cut.abort(),
      mendFeed: () => {
        cut = new AbortController();
      },
    });
  });
  const call = (name: string) =>
    page.evaluate((n) => (window as unknown as Record<string, () => void>)[n]?.(), name);
  return { cut: () => call("cutFeed"), mend: () => call("mendFeed") };
}

/** Ends a browser as a PC's power does. What says goodbye for its pages is ended first: Twilio hears of nothing. */
async function kill({ page }: Desk) {
  const cdp = await page.context().browser()?.newBrowserCDPSession();
  const { processInfo } = (await cdp?.send("SystemInfo.getProcessInfo")) ?? { processInfo: [] };
  const last = (type: string) => (type === "browser" ? 1 : 0);
  const killed = Date.now();
  for (const { id } of processInfo.toSorted((a, b) => last(a.type) - last(b.type)))
    process.kill(id, "SIGKILL");
  return killed;
}

/** The desk on the station's own PC, in a browser that a test may end, with three callers on air. */
async function onAir(house: House, ready: (desk: Desk) => Promise<unknown> = async () => {}) {
  const desk = await ProducersDesk.in(await house.invite());
  await ready(desk);
  await desk.openOnLine();
  const all: Caller[] = [await house.ring(), await house.ring(), await house.ring()];
  for (const caller of all) {
    await desk.is(caller, "ready");
    await desk.press(caller, "Take");
    await desk.is(caller, "on air");
  }
  return { desk, all };
}

/** Another host's desk of the studio. */
async function hannahs(page: Page, house: House) {
  const desk = new Desk(page, `https://127.0.0.1:${port}/`);
  await page.goto(desk.url);
  await expect(page.getByRole("textbox").first()).toBeFocused();
  await page.keyboard.type(house.desks("add", "--role", "host", "Hannah").replace(" ", ""));
  await page.keyboard.press("Enter");
  await expect(desk.region("Phone").getByText(/has the line: Ana, Ben and Cleo are on air/)).toBeVisible();
  return desk;
}

/** Everybody hears a host's voice and all the others, and nobody themselves. */
async function hear(all: Caller[], host: number) {
  for (const caller of all) {
    await caller.hears(host);
    for (const other of all) if (other !== caller) await caller.hears(other.hz);
    await caller.hearsNot(caller.hz);
  }
}

/** What callers were told since, beside each other's voices. */
const toldSince = async (all: Caller[], since: number) =>
  (await Promise.all(all.map((caller) => caller.state()))).flatMap(({ heard }) =>
    heard.filter((h) => h.at >= since && h.kind !== "tone"),
  );

test(
  "a desk that is cut off from the station holds nobody, and one that is killed all lanes",
  long,
  async ({ house, page }) => {
    let feed: Awaited<ReturnType<typeof feedOf>> | undefined;
    const { desk, all } = await onAir(house, async ({ page }) => {
      feed = await feedOf(page);
    });
    try {
      await hear(all, producer);
      const hannah = await hannahs(page, house);
      const cut = Date.now();
      await feed?.cut();
      const said = page.getByText(/is cut off from the station\. Its phone still carries sound/);
      await expect(said).toBeVisible();
      await hear(all, producer);
      expect(await toldSince(all, cut)).toEqual([]);
      await feed?.mend();
      await expect(said).toBeHidden();
      await desk.isOnLine();

      const killed = await kill(desk);
      const held = await Promise.all(all.map((caller) => caller.heard(/hold\.wav/, killed)));
      for (const { at } of held) {
        expect(at - killed).toBeGreaterThan(1900); // else Twilio has told it
        expect(at - killed).toBeLessThan(3000);
      }
      for (const caller of all)
        for (const other of all) await caller.hearsNot(other === caller ? producer : other.hz);
      await expect(page.getByText(/The phone was lost/).first()).toBeVisible();
      await hannah.button(/^Connect the phone/).click();
      await expect(hannah.region("Phone").getByText("3 of 3 lanes on the line")).toBeVisible();
      await hannah.button(/^Bring them back/).click();
      await hear(all, dj);
    } finally {
      await desk.end();
    }
  },
);

test(
  "a desk in reserve takes the lanes over from one that is killed, and gives them back",
  long,
  async ({ house, page }) => {
    const { desk, all } = await onAir(house);
    const [ana, ben] = all as [Caller, Caller];
    let again: ProducersDesk | undefined;
    try {
      const hannah = await hannahs(page, house);
      const phone = hannah.region("Phone");
      await page.keyboard.press("Shift+P");
      await expect(phone.getByText("3 of 3 lanes in reserve")).toBeVisible();
      await expect(phone.getByRole("status").first()).toHaveText(/In reserve$/);
      await Promise.all([
        ...all.map((caller) => caller.hearsNot(dj)),
        hannah.hearsNo(producer),
        hannah.hearsNot(ben),
      ]);
      await hear(all, producer);

      const killed = await kill(desk);
      await Promise.all(all.map((caller) => caller.hears(dj)));
      // For two seconds the feed may be away: from then on it is three.
      expect(Date.now() - killed).toBeLessThan(5000);
      for (const caller of all) {
        expect((await caller.heard(/hold\.wav/, killed)).at - killed).toBeGreaterThan(1900);
      }
      await hear(all, dj);
      await hannah.isOnLine();
      await expect(page.getByRole("slider", { name: "Fader of Ben, lane 2" })).toBeVisible();
      await hannah.hears(ben);

      // Another page of the desk that has the line is no reserve of it.
      const beside = await page.context().newPage();
      await beside.goto(page.url());
      await expect(beside.getByRole("button", { name: "Take the phone here" })).toBeVisible();
      await expect(beside.getByText(/reserve/i)).toHaveCount(0);
      await beside.close();

      again = await ProducersDesk.in(await house.invite());
      const back = Date.now();
      await again.open();
      await expect(again.region("Phone").getByText(/^Hannah has the line/)).toBeVisible();
      await again.button(/^Take the phone here/).click();
      await again.isOnLine();
      await hear(all, producer);
      await expect(phone.getByText("3 of 3 lanes in reserve")).toBeVisible();
      await Promise.all([...all.map((caller) => caller.hearsNot(dj)), again.hears(ana)]);
      expect(await toldSince(all, back)).toEqual([]);
    } finally {
      await desk.end();
      await again?.end();
    }
  },
);
