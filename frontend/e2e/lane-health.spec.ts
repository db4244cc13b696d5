import type { Page } from "@playwright/test";
import { Desk } from "./kit/desk";
import { long } from "./kit/long";
import type { Caller } from "./kit/stage";
import { dj, expect, test } from "./kit/test";

test.use({ settings: { CALLIN_WAIT_SECONDS: "60", CALLIN_SHOW: "Late", CALLIN_LANES: "2" } });

/** What is wrong is to be said by then, in ms. */
const soon = { timeout: 3_500 };

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
  await page.addInitScript(() => {
    const peers: RTCPeerConnection[] = [];
    Object.assign(window, {
      peers,
      RTCPeerConnection: class extends RTCPeerConnection {
        constructor(configuration?: RTCConfiguration) {
          super(configuration);
          peers.push(this);
        }
      },
    });
  });
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
