import { chromium } from "@playwright/test";
import { Desk } from "./kit/desk";
import { long } from "./kit/long";
import { Soundcard } from "./kit/soundcard";
import type { Caller } from "./kit/stage";
import { expect, test } from "./kit/test";

test.use({ settings: { CALLIN_WAIT_SECONDS: "60", CALLIN_SHOW: "Late", CALLIN_LANES: "2" } });

/** What the computer's inputs hear. */
const [microphone, n1a, n1b] = [1000, 1300, 1700];

test(
  "each lane plays through the output that it is given, and its caller hears its own return, through unplugging and reload",
  long,
  async ({ house, launchOptions }) => {
    test.skip(!Soundcard.isToBeHad, "PulseAudio is not installed");
    const card = await Soundcard.begin();
    for (const name of ["Headphones", "Console-1", "Console-2"]) card.output(name);
    card.input("Microphone", microphone);
    card.input("N-1-a", n1a);
    card.input("N-1-b", n1b);
    card.choose("Headphones", "Microphone");
    const browser = await chromium.launch(card.browser(launchOptions));
    try {
      const page = await (await browser.newContext({ permissions: ["microphone"] })).newPage();
      const desk = new Desk(page, house.url);
      await desk.openOnLine();
      const [ana, ben] = [await house.ring(), await house.ring()];
      for (const caller of [ana, ben]) {
        await desk.is(caller, "ready");
        await desk.press(caller, "Take");
        await desk.is(caller, "on air");
      }
      const inputs = [microphone, n1a, n1b];
      const all = [ana.hz, ben.hz, ...inputs];
      /** What every caller and every output is to hear, and that nothing else comes there. */
      const sounds = async (hears: [Caller, number[]][], plays: Record<string, number[]>) => {
        await Promise.all(hears.flatMap(([caller, tones]) => tones.map((hz) => caller.hears(hz))));
        const others = (tones: number[]) => all.filter((hz) => !tones.includes(hz));
        await Promise.all(hears.flatMap(([caller, tones]) => others(tones).map((hz) => caller.hearsNot(hz))));
        for (const [name, tones] of Object.entries(plays)) await card.plays(name, tones, all);
      };
      const [mixedA, mixedB] = [
        [ben.hz, microphone],
        [ana.hz, microphone],
      ];
      await sounds(
        [
          [ana, mixedA],
          [ben, mixedB],
        ],
        { Headphones: [ana.hz, ben.hz], "Console-1": [], "Console-2": [] },
      );

      // A headset or a USB mixer: the page mixes what the callers hear, and each lane has a channel.
      const phone = desk.region("Phone");
      await phone.getByText("Sound devices", { exact: true }).click();
      const choose = (lane: number, label: string, name: string) =>
        phone
          .getByRole("group", { name: `Lane ${lane}` })
          .getByLabel(label)
          .selectOption({ label: name });
      await choose(1, "Plays through", "Console-1");
      await choose(2, "Plays through", "Console-2");
      const apart = { Headphones: [], "Console-1": [ana.hz], "Console-2": [ben.hz] };
      await sounds(
        [
          [ana, mixedA],
          [ben, mixedB],
        ],
        apart,
      );
      const fader = page.getByRole("slider", { name: "Fader of Ben, lane 2" });
      await fader.press("Home");
      await card.plays("Console-2", [], all);
      await fader.fill("0");

      // A console: it mixes, and each caller hears what it returns.
      await choose(1, "Its caller hears", "N-1-a");
      await choose(2, "Its caller hears", "N-1-b");
      await sounds(
        [
          [ana, [n1a]],
          [ben, [n1b]],
        ],
        apart,
      );
      await expect(phone.getByRole("alert")).toHaveCount(0);
      await page.keyboard.press("m");
      await expect(page.getByText("MUTED", { exact: true })).toBeVisible();
      await Promise.all([ana, ben].flatMap((caller) => inputs.map((hz) => caller.hearsNot(hz))));
      await page.waitForTimeout(900); // the same key again at once would be one press, doubled
      await page.keyboard.press("m");
      for (const [caller, hz] of [
        [ana, n1a],
        [ben, n1b],
      ] as const)
        await caller.hears(hz);

      // What is gone plays nowhere else and is said in three seconds; it comes back by itself.
      card.unplug("Console-2");
      await expect(phone.getByText("Lane 2 plays nowhere: Console-2 is gone.")).toBeVisible({
        timeout: 3_000,
      });
      await card.plays("Headphones", [], all);
      await card.plays("Console-1", [ana.hz], all);
      card.output("Console-2");
      await card.plays("Console-2", [ben.hz], all);
      card.unplug("N-1-b");
      await expect(phone.getByText("Lane 2: its caller hears nobody: N-1-b is gone.")).toBeVisible({
        timeout: 3_000,
      });
      await Promise.all(all.map((hz) => ben.hearsNot(hz)));
      await ana.hears(n1a);
      card.input("N-1-b", n1b);
      await ben.hears(n1b);
      await expect(phone.getByRole("alert")).toHaveCount(0);

      await choose(2, "Plays through", "Console-1");
      await expect(phone.getByText("Lanes 1, 2 play through one output: Console-1.")).toBeVisible();
      await card.plays("Console-1", [ana.hz, ben.hz], all);
      await choose(2, "Plays through", "Console-2");

      await page.reload();
      await desk.isOnLine();
      await desk.button(/^Bring them back/).click();
      await desk.is(ben, "on air");
      await sounds(
        [
          [ana, [n1a]],
          [ben, [n1b]],
        ],
        apart,
      );
    } finally {
      await browser.close();
      await card.end();
    }
  },
);
