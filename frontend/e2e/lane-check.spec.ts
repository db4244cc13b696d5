import { chromium } from "@playwright/test";
import { Desk } from "./kit/desk";
import { longDevices } from "./kit/long";
import { Soundcard } from "./kit/soundcard";
import { expect, test } from "./kit/test";

test.use({ settings: { CALLIN_WAIT_SECONDS: "60", CALLIN_SHOW: "Late", CALLIN_LANES: "2" } });

/** What the studio's microphone hears, and each return of it. */
const studio = 440;

test(
  "the check finds each fault of the lanes' devices, and none in right ones",
  longDevices,
  async ({ house, launchOptions }) => {
    test.skip(!Soundcard.isToBeHad, "PulseAudio is not installed");
    const card = await Soundcard.begin();
    for (const name of ["Headphones", "Console-1", "Console-2"]) card.output(name);
    for (const name of ["Microphone", "N-1-1", "N-1-2"]) card.input(name, studio, 20);
    card.choose("Headphones", "Microphone");
    card.wire("Console-1", "N-1-2");
    card.wire("Console-2", "N-1-1");
    const browser = await chromium.launch(card.browser(launchOptions));
    try {
      const page = await (await browser.newContext({ permissions: ["microphone"] })).newPage();
      const desk = new Desk(page, house.url);
      await desk.openOnLine();
      const phone = desk.region("Phone");
      await expect(phone.getByText("2 of 2 lanes on the line")).toBeVisible();
      await phone.getByText("Sound devices", { exact: true }).click();
      const choose = (lane: number, label: string, name: string) =>
        phone
          .getByRole("group", { name: `Lane ${lane}` })
          .getByLabel(label)
          .selectOption({ label: name });
      const finds = async (...words: RegExp[]) => {
        await desk.button("Check the devices").click();
        for (const [lane, said] of words.entries())
          await expect(phone.getByText(new RegExp(`Lane ${lane + 1}: ${said.source}`))).toBeVisible();
      };
      const fine = /Fine/;

      await finds(/Played, and nothing of it came back/, /Played/);
      // The microphone is not held for silent meanwhile.
      await page.keyboard.press("r");
      await expect(page.getByText("The desk's phone came to lane2")).toBeVisible();
      await expect(page.getByText(/had no sound/)).toHaveCount(0);
      await page.keyboard.press("Escape");
      // With Headset the browser cancels its echo.
      await phone.getByLabel("Sound").selectOption("console");
      await expect(phone.getByText(/^Echo cancelling off/)).toBeVisible();
      card.wire("Headphones", "Microphone", { weaker: 20 });
      await finds(/The microphone hears it, (1[7-9]|2[0-3]) dB weaker/, /The microphone hears it/);
      card.unwire("Headphones", "Microphone");
      card.mute("Microphone", true);
      await finds(/The microphone gives no sound at all/, /The microphone gives no sound at all/);
      card.mute("Microphone", false);

      for (const lane of [1, 2]) {
        await choose(lane, "Plays through", `Console-${lane}`);
        await choose(lane, "Its caller hears", `N-1-${lane}`);
      }
      await finds(fine, fine);

      await choose(1, "Its caller hears", "N-1-2");
      await choose(2, "Its caller hears", "N-1-1");
      await finds(/Crossed with lane 2/, /Crossed with lane 1/);
      await choose(1, "Its caller hears", "N-1-1");
      await choose(2, "Its caller hears", "N-1-2");

      card.unwire("Console-1", "N-1-2");
      await finds(/./, /Its return hears no other lane/);
      card.wire("Console-1", "N-1-2");
      card.mute("N-1-2", true);
      await finds(/./, /Its return gives no sound at all/);
      card.mute("N-1-2", false);

      card.wire("Console-1", "N-1-1", { weaker: 20, ms: 200 });
      await finds(/Its caller hears themselves, (1[7-9]|2[0-3]) dB weaker, [1-5]\d0 ms later/, fine);
      card.unwire("Console-1", "N-1-1");

      await choose(2, "Plays through", "Console-1");
      await finds(/Played/, /It comes into the channel of lane 1/);
      await choose(2, "Plays through", "Console-2");
      await finds(fine, fine);

      await page.keyboard.press("Shift+L");
      await expect(page.getByText("The check has found nothing wrong with the devices.")).toBeVisible();
      await page.keyboard.press("Escape");

      // Nothing of a tone reaches a caller: who comes ends it, and while they are there none is begun.
      const ana = await house.ring();
      await desk.is(ana, "ready");
      await desk.button("Line-up tone on lane 2").click();
      await card.plays("Console-2", [1000], [1000, ana.hz]);
      await desk.press(ana, "Take");
      await desk.is(ana, "on air");
      await card.plays("Console-2", [], [1000, ana.hz]);
      await ana.hears(studio);
      await ana.hearsNot(1000);
      await expect(desk.button("Check the devices")).toHaveAttribute("aria-disabled", "true");
    } finally {
      await browser.close();
      await card.end();
    }
  },
);
