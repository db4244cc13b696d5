import type { Page } from "@playwright/test";
import { Desk } from "./kit/desk";
import { long } from "./kit/long";
import { withPeers } from "./kit/peers";
import { expect, test } from "./kit/test";

/** What the browser says of the track that is on air: which treatments are on. */
const treated = (page: Page) =>
  page.evaluate(() => {
    const { peers } = window as unknown as { peers: RTCPeerConnection[] };
    const track = peers.at(-1)?.getSenders()[0]?.track;
    const { echoCancellation, autoGainControl, noiseSuppression } = track?.getSettings() ?? {};
    return [track?.readyState, echoCancellation, autoGainControl, noiseSuppression];
  });

const bare = ["live", false, false, false];
const off = "Echo cancelling off · gain off · noise suppression off";

test("under Console the microphone is left as it is, through reloads and every change of devices", async ({
  house,
  page,
}) => {
  await withPeers(page);
  await page.addInitScript(() => {
    localStorage.setItem("callin.profile", JSON.stringify("console"));
    const media = navigator.mediaDevices;
    const list = media.enumerateDevices.bind(media);
    let more = 0;
    media.enumerateDevices = async () => {
      const all = await list();
      const spare = { deviceId: `spare${more}`, groupId: "spare", kind: "audiooutput", label: "Spare" };
      return more % 2 ? [...all, { ...spare, toJSON: () => spare } as MediaDeviceInfo] : all;
    };
    Object.assign(window, {
      change: () => {
        more++;
        media.dispatchEvent(new Event("devicechange"));
      },
    });
  });
  const desk = new Desk(page, house.url);
  await desk.openOnLine();
  for (let n = 0; n < 3; n++) {
    await expect.poll(() => treated(page)).toEqual(bare);
    await page.reload();
    await desk.isOnLine();
  }
  for (let n = 0; n < 4; n++) {
    const asked = page.evaluate(
      () =>
        new Promise<void>((opened) => {
          const media = navigator.mediaDevices;
          const open = media.getUserMedia.bind(media);
          media.getUserMedia = async (constraints) => {
            const stream = await open(constraints);
            setTimeout(opened, 200);
            return stream;
          };
          (window as unknown as { change(): void }).change();
        }),
    );
    await asked;
    expect(await treated(page)).toEqual(bare);
    await expect(desk.region("Phone")).toContainText(off);
  }
});

test(
  "what the browser does is what is shown, and is put right when it is not as asked",
  long,
  async ({ house, page }) => {
    await withPeers(page);
    await page.addInitScript(() => {
      const media = navigator.mediaDevices;
      const open = media.getUserMedia.bind(media);
      let stubborn = 2;
      media.getUserMedia = (constraints) => (stubborn-- > 0 ? open({ audio: true }) : open(constraints));
      localStorage.setItem("callin.profile", JSON.stringify("console"));
    });
    const desk = new Desk(page, house.url);
    await desk.open();
    const phone = desk.region("Phone");
    await expect(phone).toContainText("Echo cancelling on · gain on · noise suppression on");
    await expect(phone.getByRole("alert")).toContainText("does not treat the microphone as Console asks");
    await expect(phone).toContainText(off, { timeout: 15_000 });
    await expect(phone.getByRole("alert")).toHaveCount(0);
    expect(await treated(page)).toEqual(bare);

    await page.getByRole("combobox", { name: "Sound" }).selectOption("Headset"); // in the call
    await expect.poll(() => treated(page)).toEqual(["live", true, true, true]);
    await desk.isOnLine();
  },
);
