import { chromium } from "@playwright/test";
import { Desk } from "./kit/desk";
import { longDevices } from "./kit/long";
import { Soundcard } from "./kit/soundcard";
import { expect, test } from "./kit/test";

test.use({ settings: { CALLIN_WAIT_SECONDS: "60", CALLIN_SHOW: "Late", CALLIN_LANES: "2" } });

/** The tone at the microphone, and a caller's, in hertz. */
const [microphone, voice] = [1000, 440];
/** How far a level may be off, in dB, and how many looks it takes. */
const [about, most] = [2.5, 4];

test(
  "what is done to a lane's sound acts on what another caller hears and on the lane's own output",
  longDevices,
  async ({ house, launchOptions }) => {
    test.skip(!Soundcard.isToBeHad, "PulseAudio is not installed");
    const card = await Soundcard.begin();
    for (const name of ["Headphones", "Console-1"]) card.output(name);
    card.input("Microphone", microphone, 20); // it speaks, and Ben hears Ana above it
    card.choose("Headphones", "Microphone");
    const browser = await chromium.launch(card.browser(launchOptions));
    try {
      const page = await (await browser.newContext({ permissions: ["microphone"] })).newPage();
      const desk = new Desk(page, house.url);
      await desk.openOnLine();
      const [ana, ben] = [
        await house.ring({ tone: voice }),
        await house.ring({ tone: undefined, voice: "none" }),
      ];
      for (const caller of [ana, ben]) {
        await desk.is(caller, "ready");
        await desk.press(caller, "Take");
        await desk.is(caller, "on air");
      }
      const phone = desk.region("Phone");
      await phone.getByLabel("Sound").selectOption("console");
      await phone.getByText("Sound devices", { exact: true }).click();
      const lane = phone.getByRole("group", { name: "Lane 1" });
      await lane.getByLabel("Plays through").selectOption({ label: "Console-1" });
      await phone.getByText("Sound of the lanes").click();

      /** Waits until a level is so, in dBFS: the loudest of some looks, as a busy computer's sound has holes. */
      const settles = async (where: string, level: number, look: () => Promise<number>) => {
        const looks: number[] = [];
        const off = async () => {
          looks.push(await look());
          return looks.length < most ? 100 : Math.abs(Math.max(...looks.slice(-most)) - level);
        };
        await expect
          .poll(off, { message: `Ana ${where}, off ${level} dBFS by`, intervals: [200] })
          .toBeLessThan(about);
      };
      const isAt = async (level: number) => {
        await settles("at Ben's end", level, async () => (await ben.state()).hearing.level_dbfs);
        await settles("at her lane's output", level, async () => card.level("Console-1", voice));
      };
      await isAt(-12);

      // By the keyboard, as everything.
      const trim = lane.getByRole("slider", { name: "Trim" });
      for (let n = 0; n < 6; n++) await trim.press("ArrowRight");
      await expect(trim).toHaveAttribute("aria-valuetext", "+6 dB");
      await isAt(-6);
      await trim.press("End");
      const clip = desk.button("Clip on lane 1: seen");
      await expect(clip).toBeVisible();
      // 8 dBFS would be cut off at full scale, to a square's level of 2: she is turned down to −1.
      await settles("limited at Ben's end", -2, async () => (await ben.state()).hearing.level_dbfs);
      await trim.fill("0");
      await clip.press("Enter");
      await expect(clip).toBeHidden();
      await isAt(-12);

      // While the host speaks, at both places, and not while their microphone is muted.
      const duck = lane.getByRole("checkbox", { name: "Duck under host" });
      await duck.press("Space");
      await isAt(-24);
      await page.keyboard.press("m");
      await expect(page.getByText("MUTED", { exact: true })).toBeVisible();
      await isAt(-12);
      await page.waitForTimeout(900); // the same key again at once would be one press, doubled
      await page.keyboard.press("m");
      await isAt(-24);

      // It is kept.
      await page.reload();
      await desk.isOnLine();
      await desk.button(/^Bring them back/).click();
      await desk.is(ana, "on air");
      await desk.is(ben, "on air");
      await isAt(-24);
      await phone.getByText("Sound of the lanes").click();
      await duck.press("Space");
      await isAt(-12);
    } finally {
      await browser.close();
      await card.end();
    }
  },
);
