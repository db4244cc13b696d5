import type { Page } from "@playwright/test";
import { longDevices } from "./kit/long";
import { withPeers } from "./kit/peers";
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

/** Which of these tones come in by the latest call: the one by which the page talks to the host. */
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
    test.setTimeout(240_000);
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
      const silent = pia.button(/^Talk to the host/);
      const isTalkedTo = async () => {
        await expect(async () => {
          if (await silent.isVisible()) await talk();
          await expect(pia.button(/The host hears you/)).toBeVisible({ timeout: 5_000 });
        }).toPass();
        await expect(talks).toBeVisible();
        await heard([producer]);
      };
      await isTalkedTo();
      const onAir = [ana.hz, ben.hz, microphone];
      await expect
        .poll(() => comeIn(pia.page, onAir), { message: "Pia hears what is on air" })
        .toEqual(onAir);

      // A caller who is listened to beside it, the host's desk in a second tab, signalling that is lost for a while.
      await desk.button("Cue Ana: listen before the fader").click();
      await heard([ana.hz, producer]);
      await desk.button("Cue Ana: listen before the fader").click();
      const tab = await page.context().newPage();
      await tab.goto(new URL("/", page.url()).href);
      await expect(tab.getByText("Pia talks to you.")).toBeVisible();
      await heard([producer]);
      await tab.close();
      await house.stage.request("PUT", "/stage/faults", { no_signalling: { for_seconds: 5 } });
      await house.stage.request("POST", "/stage/signalling/cut");
      await expect(silent).toBeVisible(); // that it has ended is said, and a press brings it back
      await isTalkedTo();

      // A host who no longer wants it, and a reload, end it.
      await may.uncheck();
      await expect(silent).toBeVisible();
      await expect(talks).toBeHidden();
      await heard([]);
      await may.check();
      await isTalkedTo();
      await page.reload();
      await expect(talks).toBeHidden();
      await expect(silent).toBeVisible();
      await desk.isOnLine();
      for (const caller of [ana, ben]) await desk.press(caller, "Resume");
      await isTalkedTo();

      // Headphones that are gone hear nobody, and so is said to who talks.
      card.unplug("Headphones");
      await expect(silent).toBeVisible();
      await expect(talks).toBeHidden();
      await card.plays("Console", [ana.hz, ben.hz], all);
      await Promise.all([ana.hearsNot(producer), ben.hearsNot(producer)]);
    } finally {
      await pia.end();
    }
  },
);
