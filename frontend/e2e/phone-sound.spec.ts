import type { Page } from "@playwright/test";
import { Desk } from "./kit/desk";
import { long } from "./kit/long";
import { dj, expect, test } from "./kit/test";

/** What is said must have been said by then, in ms. */
// It is said within three seconds of the page's own time (sound.test.ts); a busy machine needs longer.
const soon = { timeout: 8_000 };

/** The microphone in the test's hands: what it gives, and whether it is there. */
type Microphone = { gives: "voice" | "nothing" | "constant"; unplug(): void };

async function withMicrophone(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const media = navigator.mediaDevices;
    const open = media.getUserMedia.bind(media);
    const all: { voice: GainNode; constant: GainNode; track: MediaStreamTrack }[] = [];
    let gives = "voice";
    const apply = () => {
      for (const { voice, constant } of all) {
        voice.gain.value = gives === "voice" ? 1 : 0;
        constant.gain.value = gives === "constant" ? 0.3 : 0;
      }
    };
    media.getUserMedia = async (constraints) => {
      const context = new AudioContext();
      const out = context.createMediaStreamDestination();
      const voice = context.createGain();
      const constant = context.createGain();
      const source = new ConstantSourceNode(context);
      source.start();
      context
        .createMediaStreamSource(await open(constraints))
        .connect(voice)
        .connect(out);
      source.connect(constant).connect(out);
      const track = out.stream.getAudioTracks()[0] as MediaStreamTrack;
      all.push({ voice, constant, track });
      apply();
      return out.stream;
    };
    const microphone = {
      get gives() {
        return gives;
      },
      set gives(what: string) {
        gives = what;
        apply();
      },
      unplug: () => all.at(-1)?.track.stop(),
    };
    Object.assign(window, { microphone });
  });
}

const gives = (page: Page, what: Microphone["gives"]) =>
  page.evaluate((it) => {
    (window as unknown as { microphone: Microphone }).microphone.gives = it;
  }, what);

const phone = (desk: Desk) => desk.region("Phone").getByRole("status").first();
const alerts = (desk: Desk) => desk.region("Phone").getByRole("alert");

test(
  "a microphone that gives nothing, or one value, is said at once and until it gives sound",
  long,
  async ({ house, page }) => {
    await withMicrophone(page);
    const desk = new Desk(page, house.url);
    await desk.openOnLine();
    for (const dead of ["nothing", "constant"] as const) {
      await gives(page, dead);
      await expect(phone(desk)).toHaveText(/▲ The microphone is silent$/, soon);
      await expect(alerts(desk)).toContainText("callers do not hear you");
      await gives(page, "voice");
      await desk.isOnLine();
      await expect(alerts(desk)).toHaveCount(0);
    }
    await page.keyboard.press("r");
    const record = page.getByRole("dialog", { name: "Record" });
    await expect(record.getByText("The desk's phone had no sound. The microphone is silent.")).toHaveCount(2);
    await expect(record.getByText("The desk's phone had sound again, after 00:")).toHaveCount(2);
  },
);

test("an unplugged microphone is said, and used again when there is one", async ({ house, page }) => {
  await withMicrophone(page);
  await page.addInitScript(() => {
    const media = navigator.mediaDevices;
    const open = media.getUserMedia.bind(media);
    Object.assign(window, { there: true });
    media.getUserMedia = async (constraints) => {
      if (!(window as unknown as { there: boolean }).there) throw new DOMException("", "NotFoundError");
      return open(constraints);
    };
  });
  const desk = new Desk(page, house.url);
  await desk.openOnLine();
  const ana = await house.ring();
  await desk.is(ana, "ready");
  await desk.next();
  await ana.hears(dj);

  await page.evaluate(() => {
    const it = window as unknown as { there: boolean; microphone: Microphone };
    it.there = false;
    it.microphone.unplug();
  });
  await expect(phone(desk)).toHaveText(/▲ The microphone is gone$/, soon);
  await expect(alerts(desk)).toContainText("Plug it in again");
  await page.evaluate(() => {
    Object.assign(window, { there: true });
    navigator.mediaDevices.dispatchEvent(new Event("devicechange"));
  });
  await desk.isOnLine();
  await ana.hears(dj);
});

test(
  "another microphone that takes the place of an unplugged one is named",
  long,
  async ({ house, page }) => {
    await page.addInitScript(() => {
      const media = navigator.mediaDevices;
      const open = media.getUserMedia.bind(media);
      const it = { other: false, track: undefined as MediaStreamTrack | undefined };
      Object.assign(window, { it });
      media.getUserMedia = async (constraints) => {
        const audio = constraints?.audio as MediaTrackConstraints;
        const all = (await media.enumerateDevices()).filter((d) => d.kind === "audioinput");
        const [, , other] = all;
        const stream = await open(
          it.other && other ? { audio: { ...audio, deviceId: { exact: other.deviceId } } } : constraints,
        );
        it.track = stream.getAudioTracks()[0];
        return stream;
      };
    });
    const unplug = (other: boolean) =>
      page.evaluate((to) => {
        const { it } = window as unknown as { it: { other: boolean; track: MediaStreamTrack } };
        it.other = to;
        it.track.stop();
        navigator.mediaDevices.dispatchEvent(new Event("devicechange"));
      }, other);
    const desk = new Desk(page, house.url);
    await desk.openOnLine();
    const changed = alerts(desk).filter({ hasText: "Another microphone is on air now: Fake Audio Input" });
    await unplug(true);
    await expect(changed).toBeVisible({ timeout: 4_000 });
    await unplug(false); // plugged in again
    await expect(changed).toHaveCount(0);
    await unplug(true);
    await expect(changed).toBeVisible();
    await desk.button("Keep this microphone").click();
    await expect(changed).toHaveCount(0);
    await desk.isOnLine();
  },
);

test("a line without sound is never called the line, and is told when it falls silent", async ({
  house,
  page,
}) => {
  await house.stage.request("PUT", "/stage/faults", { no_media: {} });
  await page.addInitScript(() => {
    const said: string[] = [];
    new MutationObserver(() => said.push(document.body.innerText)).observe(document, {
      subtree: true,
      childList: true,
      characterData: true,
    });
    Object.assign(window, { said });
  });
  const desk = new Desk(page, house.url);
  await desk.open();
  await expect(phone(desk)).toHaveText(/▲ No sound from the line$/);
  const said = await page.evaluate(() => (window as unknown as { said: string[] }).said);
  expect(said.filter((text) => text.includes("● On the line"))).toEqual([]);
  await house.stage.request("PUT", "/stage/faults", {});
  await desk.isOnLine();
  await house.stage.request("PUT", "/stage/faults", { no_media: {} });
  await expect(phone(desk)).toHaveText(/▲ No sound from the line$/, soon);
  await expect(alerts(desk)).toContainText("connect it again.");
});
