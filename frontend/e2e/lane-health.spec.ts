import type { Page } from "@playwright/test";
import { Desk } from "./kit/desk";
import { long } from "./kit/long";
import { withPeers } from "./kit/peers";
import type { Caller } from "./kit/stage";
import { dj, expect, test } from "./kit/test";

test.use({ settings: { CALLIN_WAIT_SECONDS: "60", CALLIN_SHOW: "Late", CALLIN_LANES: "2" } });

/** What is wrong is to be said by then, in ms. */
const soon = { timeout: 3_500 };
/** An echo is found, and found to be over, after seconds of speech; on a busy machine sound breaks up, and it takes more of them. */
const found = { timeout: 60_000 };

async function takes(desk: Desk, ...callers: Caller[]) {
  for (const caller of callers) {
    await desk.is(caller, "ready");
    await desk.press(caller, "Take");
    await desk.is(caller, "on air");
  }
}

/** Lets the last of a page's calls send nothing, or again what it sent. */
async function sends(page: Page, on: boolean) {
  await page.evaluate(async (on) => {
    const { peers } = window as unknown as {
      peers: (RTCPeerConnection & { sent?: MediaStreamTrack | null })[];
    };
    const peer = peers.at(-1);
    const sender = peer?.getSenders()[0];
    if (!peer || !sender) throw new Error("no call");
    peer.sent ??= sender.track;
    await sender.replaceTrack(on ? (peer.sent ?? null) : null);
  }, on);
}

test("a lane on which no sound passes one way is said, and no other one", long, async ({ house, page }) => {
  await withPeers(page);
  const desk = new Desk(page, house.url);
  await desk.openOnLine();
  // Who says nothing is no trouble.
  const [ana, ben] = [await house.ring(), await house.ring({ tone: undefined, voice: "none" })];
  await takes(desk, ana, ben);
  const phone = desk.region("Phone");
  const alerts = phone.getByRole("alert");
  const told = page.waitForRequest(
    (r) => r.url().endsWith("/api/op/microphone") && /"sound":"silentLine"/.test(r.postData() ?? ""),
  );
  const lane2 = await house.stage.deskOn("lane2");
  await house.stage.request("PUT", "/stage/faults", { no_media: { call: lane2 } });
  await expect(desk.card(ben).getByText("▲ No sound comes in")).toBeVisible(soon);
  await expect(alerts).toHaveText([/No sound comes in on lane 2: nobody hears its caller\. /]);
  await desk.is(ana, "on air");
  expect((await told).postDataJSON()).toMatchObject({ call: lane2 });
  await house.stage.request("PUT", "/stage/faults", {});
  await desk.is(ben, "on air");
  await expect(alerts).toHaveCount(0);

  await sends(page, false);
  await expect(desk.card(ben).getByText("▲ No sound goes out")).toBeVisible(soon);
  await expect(alerts).toHaveText([/Nothing goes out on lane 2: its caller hears nobody\. /]);
  await desk.is(ana, "on air");
  await sends(page, true);
  await desk.is(ben, "on air");
  await expect(alerts).toHaveCount(0);
  await ben.hears(dj);
});

/** Whether something has ever been shown on a caller's card since. */
async function everShown(desk: Desk, caller: Caller, text: string): Promise<() => Promise<boolean>> {
  const card = await desk.card(caller).elementHandle();
  const state = await card?.evaluateHandle((card, text) => {
    const state = { shown: false };
    const look = () => {
      state.shown ||= card.textContent?.includes(text) === true;
    };
    new MutationObserver(look).observe(card, { subtree: true, childList: true, characterData: true });
    return state;
  }, text);
  return async () => (await state?.evaluate(({ shown }) => shown)) ?? true;
}

/** How long a caller has been on air, in s, as their card says. */
async function onAirFor(desk: Desk, caller: Caller): Promise<number> {
  const [, min, s] = (await desk.card(caller).textContent())?.match(/On air for:\s*(\d+):(\d+)/) ?? [];
  return 60 * Number(min) + Number(s);
}

test(
  "a caller who sends back what they hear is told of, and not the one whom they send back",
  long,
  async ({ desk, house }) => {
    const [ana, ben] = [
      await house.ring({ tone: undefined }),
      await house.ring({ tone: undefined, voice: "none", echo: { weaker: 20, ms: 40 } }),
    ];
    await takes(desk, ana, ben);
    const seen = await everShown(desk, ana, "Hears themselves");
    await desk.page.keyboard.press("m"); // a tone never ends, and so tells nothing
    await expect(desk.card(ben).getByText("▲ Echo", { exact: true })).toBeVisible(found);
    const phone = desk.region("Phone");
    await expect(phone.getByText("Ben: ▲ Echo: ask them to leave the speaker")).toBeVisible();
    // Ana hears herself by Ben, and nothing is wrong with her own lane, then and afterwards.
    const goesOn = async (s: number) => {
      const now = await onAirFor(desk, ana);
      await expect.poll(() => onAirFor(desk, ana), { timeout: 60_000 }).toBeGreaterThan(now + s);
    };
    await goesOn(20);
    await desk.press(ben, "Drop");
    await expect(phone.getByText("▲ Echo")).toHaveCount(0);
    await goesOn(8);
    expect(await seen()).toBe(false);
  },
);
