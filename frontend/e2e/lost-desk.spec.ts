import type { Browser, Page } from "@playwright/test";
import { Desk } from "./kit/desk";
import { long } from "./kit/long";
import { ProducersDesk } from "./kit/producer";
import { dj, expect, test } from "./kit/test";
import { freePort } from "./kit/tunnel";

let port = 0;
test.use({
  settings: { CALLIN_PARK_SECONDS: "3", CALLIN_WAIT_SECONDS: "60", CALLIN_SHOW: "Late", CALLIN_LANES: "3" },
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads which fixtures there are off it
  toml: async ({}, use) => {
    port = await freePort();
    await use(`door = "127.0.0.1:${port}"\n`);
  },
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

/** Ends a browser's pages as a crash does: nobody is told. */
async function kill(browser: Browser) {
  const cdp = await browser.newBrowserCDPSession();
  const { processInfo } = (await cdp.send("SystemInfo.getProcessInfo")) as {
    processInfo: { type: string; id: number }[];
  };
  for (const { type, id } of processInfo) if (type === "renderer") process.kill(id, "SIGKILL");
}

test(
  "a desk that is cut off from the station holds nobody, and one that is killed all lanes",
  long,
  async ({ house, page, browser }) => {
    const feed = await feedOf(page);
    const desk = new Desk(page, house.url);
    await desk.openOnLine();
    const all = [await house.ring(), await house.ring(), await house.ring()];
    for (const caller of all) {
      await desk.is(caller, "ready");
      await desk.press(caller, "Take");
      await desk.is(caller, "on air");
    }
    const hear = async () => {
      for (const caller of all) {
        await caller.hears(dj);
        for (const other of all) if (other !== caller) await caller.hears(other.hz);
      }
    };
    await hear();
    const hannah = await ProducersDesk.at(`https://127.0.0.1:${port}/`);
    try {
      await hannah.signIn(house.desks("add", "--role", "host", "Hannah"));

      const cut = Date.now();
      await feed.cut();
      const said = hannah.page.getByText(/is cut off from the station\. Its phone still carries sound/);
      await expect(said).toBeVisible();
      await hear();
      for (const caller of all)
        expect((await caller.state()).heard.filter((h) => h.at >= cut && h.kind !== "tone")).toEqual([]);
      await feed.mend();
      await expect(said).toBeHidden();
      await desk.isOnLine();

      const killed = Date.now();
      await kill(browser);
      const held = await Promise.all(all.map((caller) => caller.heard(/hold\.wav/, killed)));
      for (const { at } of held) expect(at - killed).toBeLessThan(3000);
      await Promise.all(
        all.flatMap((caller) => all.map((other) => caller.hearsNot(other === caller ? dj : other.hz))),
      );
      await expect(hannah.page.getByText(/The phone was lost/).first()).toBeVisible();
      await hannah
        .button(/^Take the phone here/)
        .or(hannah.button(/^Connect the phone/))
        .click();
      await hannah.isOnLine();
      await expect(hannah.region("Phone").getByText("3 of 3 lanes on the line")).toBeVisible();
      await hannah.button(/^Bring them back/).click();
      for (const caller of all) await hannah.is(caller, "on air");
    } finally {
      await hannah.end();
    }
  },
);
