import { chromium } from "@playwright/test";
import { Desk } from "./kit/desk";
import { long } from "./kit/long";
import { Soundcard } from "./kit/soundcard";
import type { Caller } from "./kit/stage";
import { expect, test } from "./kit/test";

/** What the microphone hears, and each console's return. */
const microphone = 1000;
const returns = [700, 940, 1280, 1400, 1680, 1960];

/**
 * The callers' own tones: a telephone's samples, 8000 a second, repeat themselves after a few with tones such as 1800 Hz,
 * and the steps between their values then sound like tones themselves.
 */
const voiced = [443, 621, 1831, 2231, 2711, 531];

for (const count of [3])
  test.describe(`${count} lanes`, () => {
    test.use({ settings: { CALLIN_WAIT_SECONDS: "90", CALLIN_SHOW: "Late", CALLIN_LANES: `${count}` } });

    test(
      `of ${count} lanes with devices of their own each caller hears what they should, and each output plays its lane`,
      long,
      async ({ house, launchOptions }) => {
        test.skip(!Soundcard.isToBeHad, "PulseAudio is not installed");
        test.setTimeout(600_000);
        const lanes = Array.from({ length: count }, (_, lane) => lane);
        const n1 = returns.slice(0, count);
        const card = await Soundcard.begin();
        card.output("Headphones");
        card.input("Microphone", microphone);
        for (const lane of lanes) card.output(`Console-${lane + 1}`);
        for (const lane of lanes) card.input(`N-1-${lane + 1}`, n1[lane] as number);
        card.choose("Headphones", "Microphone");
        const browser = await chromium.launch(card.browser(launchOptions));
        try {
          const page = await (await browser.newContext({ permissions: ["microphone"] })).newPage();
          const desk = new Desk(page, house.url);
          await desk.openOnLine();
          const phone = desk.region("Phone");
          const ready = () => expect(phone.getByText(`${count} of ${count} lanes on the line`)).toBeVisible();
          await ready();
          const callers: Caller[] = [];
          for (const lane of lanes) {
            const caller = await house.ring({ tone: voiced[lane] });
            await desk.is(caller, "ready");
            await desk.press(caller, "Take");
            await desk.is(caller, "on air");
            callers.push(caller);
          }
          const voices = callers.map(({ hz }) => hz);
          const all = [...voices, microphone, ...n1];
          /** What each caller hears and each output plays, and nothing else of all that there is. */
          const sounds = async (hears: number[][], plays: Record<string, number[]>) => {
            await Promise.all(
              callers.flatMap((caller, at) => hears[at]?.map((hz) => caller.hears(hz)) ?? []),
            );
            await Promise.all(
              callers.flatMap((caller, at) =>
                all.filter((hz) => !hears[at]?.includes(hz)).map((hz) => caller.hearsNot(hz)),
              ),
            );
            for (const [name, tones] of Object.entries(plays)) await card.plays(name, tones, all);
          };
          const mixed = voices.map((own) => [...voices.filter((hz) => hz !== own), microphone]);
          await sounds(mixed, {});
          await card.plays("Headphones", voices, voices); // six full voices at once make others

          await phone.getByText("Sound devices of the lanes").click();
          const choose = (lane: number, label: string, name: string) =>
            phone
              .getByRole("group", { name: `Lane ${lane + 1}` })
              .getByLabel(label)
              .selectOption({ label: name });
          const apart: Record<string, number[]> = { Headphones: [] };
          for (const lane of lanes) {
            apart[`Console-${lane + 1}`] = [voices[lane] as number];
            await choose(lane, "Plays through", `Console-${lane + 1}`);
          }
          await sounds(mixed, apart);

          for (const lane of lanes) await choose(lane, "Its caller hears", `N-1-${lane + 1}`);
          const console = n1.map((hz) => [hz]);
          await sounds(console, apart);

          const [first, second] = callers as [Caller, Caller];
          const fader = page.getByRole("slider", { name: `Fader of ${second.name}, lane 2` });
          await fader.press("Home");
          await card.plays("Console-2", [], all);
          await fader.fill("0");

          // A lane's call is cut: its caller alone is held, and comes back onto the lane.
          const { conferences } = await house.stage.rest<{
            conferences: { sid: string; friendly_name: string }[];
          }>("Conferences.json?Status=in-progress");
          const at = conferences.find((c) => c.friendly_name.endsWith("lane2"))?.sid;
          const { participants } = await house.stage.rest<{
            participants: { call_sid: string; label: string }[];
          }>(`Conferences/${at}/Participants.json`);
          const leg = participants.find((p) => p.label.startsWith("desk-"))?.call_sid;
          await house.stage.change(`Calls/${leg}.json`, { Status: "completed" });
          await desk.is(second, "on hold");
          await ready();
          await desk.press(second, "Resume");
          await desk.is(second, "on air");
          await sounds(console, apart);

          // Twilio's signalling is lost for a while, and then the station.
          await house.stage.request("PUT", "/stage/faults", { no_signalling: { for_seconds: 5 } });
          await house.stage.request("POST", "/stage/signalling/cut");
          await sounds(console, apart);
          await ready();
          await house.callin.end("SIGKILL");
          await sounds(console, apart);
          await house.start();
          await desk.is(first, "on air");
          await sounds(console, apart);

          card.unplug("Console-1");
          await expect(phone.getByText("Lane 1 plays nowhere: Console-1 is gone.")).toBeVisible();
          card.output("Console-1");
          await sounds(console, apart);

          await page.reload();
          await desk.isOnLine();
          await desk.button(/^Bring them back/).click();
          for (const caller of callers) await desk.is(caller, "on air");
          await sounds(console, apart);
        } finally {
          await browser.close();
          await card.end();
        }
      },
    );
  });
