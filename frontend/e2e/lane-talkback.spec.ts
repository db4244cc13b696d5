import type { Page } from "@playwright/test";
import { longDevices } from "./kit/long";
import { ProducersDesk, producer } from "./kit/producer";
import { test } from "./kit/soundcard";
import { expect } from "./kit/test";
import { freePort } from "./kit/tunnel";

const microphone = 1000;
let port = 0;

test.use({
  settings: { CALLIN_WAIT_SECONDS: "60", CALLIN_SHOW: "Late", CALLIN_LANES: "2" },
  devices: { outputs: ["Console", "Headphones"], inputs: [["Microphone", microphone]] },
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads which fixtures there are off it
  toml: async ({}, use) => {
    port = await freePort();
    await use(`door = "127.0.0.1:${port}"\n`);
  },
});

/** Notes the page's connections, the latest of which is the call by which it talks to the host. */
const withPeers = (page: Page) =>
  page.addInitScript(() => {
    const peers: RTCPeerConnection[] = [];
    Object.assign(window, { peers });
    window.RTCPeerConnection = class extends RTCPeerConnection {
      constructor(configuration?: RTCConfiguration) {
        super(configuration);
        peers.push(this);
      }
    };
  });

/** Which of these tones come in by the latest call. */
const comeIn = (page: Page, tones: number[]) =>
  page.evaluate(async (wanted) => {
    const { peers } = window as unknown as { peers: RTCPeerConnection[] };
    const track = peers.at(-1)?.getReceivers()[0]?.track;
    if (!track) return [];
    const context = new AudioContext();
    const ear = new AnalyserNode(context, { fftSize: 8192 });
    context.createMediaStreamSource(new MediaStream([track])).connect(ear);
    await new Promise((heard) => setTimeout(heard, 400));
    const levels = new Float32Array(ear.frequencyBinCount);
    ear.getFloatFrequencyData(levels);
    await context.close();
    return wanted.filter((hz) => (levels[Math.round((hz * ear.fftSize) / context.sampleRate)] ?? -200) > -60);
  }, tones);

test(
  "where each caller has a lane, who talks to the host is heard in the host's headphones and nowhere else",
  longDevices,
  async ({ house, desk, card }) => {
    test.setTimeout(120_000);
    const { page } = desk;
    const phone = desk.region("Phone");
    const pia = await ProducersDesk.at(`https://127.0.0.1:${port}/`);
    try {
      await withPeers(pia.page);
      await pia.page.reload();
      await pia.signIn(house.desks("add", "--role", "producer", "Pia"));
      await pia.isOnOwnLine();
      const [ana, ben] = [await house.ring(), await house.ring()];
      for (const caller of [ana, ben]) {
        await desk.is(caller, "ready");
        await desk.press(caller, "Take");
        await desk.is(caller, "on air");
      }
      const all = [ana.hz, ben.hz, microphone, producer];
      const heard = async (headphones: number[]) => {
        await card.plays("Headphones", headphones, all);
        await card.plays("Console", [ana.hz, ben.hz], all);
        await Promise.all([ana.hearsNot(producer), ben.hearsNot(producer)]);
        await Promise.all([ana.hears(microphone), ana.hears(ben.hz), ben.hears(ana.hz)]);
      };

      // Until the host has an output for that, it is said why not.
      const talk = () => pia.page.keyboard.press("Shift+Y");
      await talk();
      await expect(pia.page.getByText(/The host's desk takes no talk now/).first()).toBeVisible();
      await phone.getByText("Sound devices", { exact: true }).click();
      const may = phone.getByLabel(/Desks can talk to you there/);
      await expect(may).toHaveCount(0);
      await phone.getByLabel("Cue plays through").selectOption({ label: "Headphones" });
      await may.check();
      await heard([]);

      const talks = page.getByText("Pia talks to you.");
      await expect(async () => {
        await talk();
        await expect(pia.button(/The host hears you/)).toBeVisible({ timeout: 2_000 });
      }).toPass();
      await expect(talks).toBeVisible();
      await heard([producer]);
      const onAir = [ana.hz, ben.hz, microphone];
      await expect
        .poll(() => comeIn(pia.page, onAir), { message: "Pia hears what is on air" })
        .toEqual(onAir);

      // The caller who is listened to beside it, a muted microphone, a reload.
      await desk.button("Cue Ana: listen before the fader").click();
      await heard([ana.hz, producer]);
      await desk.button("Cue Ana: listen before the fader").click();
      await page.reload();
      await expect(talks).toBeHidden();
      await expect(pia.button(/^Talk to the host/)).toBeVisible();
      await desk.isOnLine();
      for (const caller of [ana, ben]) await desk.press(caller, "Resume");
      await expect(async () => {
        await talk();
        await expect(talks).toBeVisible({ timeout: 2_000 });
      }).toPass();
      await heard([producer]);

      // Headphones that are gone hear nobody, and so is said to who talks.
      card.unplug("Headphones");
      await expect(pia.button(/^Talk to the host/)).toBeVisible();
      await expect(talks).toBeHidden();
      await card.plays("Console", [ana.hz, ben.hz], all);
      await Promise.all([ana.hearsNot(producer), ben.hearsNot(producer)]);
    } finally {
      await pia.end();
    }
  },
);
