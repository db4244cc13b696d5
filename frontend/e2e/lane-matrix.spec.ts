import type { Desk } from "./kit/desk";
import { devices, longDevices } from "./kit/long";
import { type Soundcard, test } from "./kit/soundcard";
import type { Caller } from "./kit/stage";
import { expect, type House } from "./kit/test";
import { shortTokens } from "./kit/token";

/** What the microphone hears, and each console's return. */
const microphone = 1000;
const returns = [700, 940, 1280, 1400, 1680, 1960];

/**
 * The callers' own tones: a telephone's samples, 8000 a second, repeat themselves after a few with tones such as 1800 Hz,
 * and the steps between their values then sound like tones themselves.
 */
const voiced = [443, 621, 1831, 2231, 2711, 531];

/** Whatever the card says of the line: with six lanes sound breaks up on a machine of two processors. */
const isOnAir = (desk: Desk, caller: Caller) =>
  expect(desk.region("On air").getByRole("button", { name: `Hold ${caller.name}` })).toBeVisible();

/** Callers on the lanes of a desk, two of them on the one line that all share, and what sounds where. */
class Matrix {
  private readonly n1: number[];
  private readonly all: number[];

  private constructor(
    readonly lanes: number,
    readonly callers: Caller[],
    private readonly card: Soundcard,
  ) {
    this.n1 = returns.slice(0, lanes);
    this.all = [...this.voices, microphone, ...this.n1];
  }

  static async begin(lanes: number, { desk, house, card }: Fixtures): Promise<Matrix> {
    const callers: Caller[] = [];
    for (const tone of voiced.slice(0, Math.max(lanes, 2))) {
      const caller = await house.ring({ tone });
      await desk.is(caller, "ready");
      await desk.press(caller, "Take");
      await isOnAir(desk, caller);
      callers.push(caller);
    }
    return new Matrix(lanes, callers, card);
  }

  private get voices(): number[] {
    return this.callers.map(({ hz }) => hz);
  }

  private others = (own: number): number[] => this.voices.filter((hz) => hz !== own);

  /** What each caller hears and each output plays, and nothing else of all that there is. */
  private async sounds(hears: number[][], plays: Record<string, number[]>): Promise<void> {
    const { callers, all } = this;
    const at = (n: number) => hears[n] ?? [];
    await Promise.all(callers.flatMap((caller, n) => at(n).map((hz) => caller.hears(hz))));
    const absent = (n: number) => all.filter((hz) => !at(n).includes(hz));
    await Promise.all(callers.flatMap((caller, n) => absent(n).map((hz) => caller.hearsNot(hz))));
    for (const [name, tones] of Object.entries(plays)) await this.card.plays(name, tones, all);
  }

  /** Callers hear the microphone and each other, and each lane comes out of its own channel alone. */
  isMixed = (): Promise<void> =>
    this.sounds(
      this.voices.map((own) => [...this.others(own), microphone]),
      this.apart,
    );

  /** Each caller hears their console's return; on one line those who share it hear each other, too. */
  isReturned = (): Promise<void> =>
    this.sounds(
      this.voices.map((own, n) =>
        this.lanes === 1 ? [...this.others(own), ...this.n1] : [this.n1[n] as number],
      ),
      this.apart,
    );

  private get apart(): Record<string, number[]> {
    if (this.lanes === 1) return { Headphones: [], "Console-1": this.voices };
    const channels = this.voices.map((hz, lane) => [`Console-${lane + 1}`, [hz]]);
    return { Headphones: [], ...Object.fromEntries(channels) };
  }
}

interface Fixtures {
  desk: Desk;
  house: House;
  card: Soundcard;
  choose: (lane: number | undefined, label: string, name: string) => Promise<void>;
}

const numbers = (lanes: number) =>
  lanes === 1 ? [undefined] : Array.from({ length: lanes }, (_, n) => n + 1);

const bringBack = async (desk: Desk, { callers }: Matrix) => {
  await desk.button(/^Bring them back/).click();
  for (const caller of callers) await isOnAir(desk, caller);
};

for (const lanes of [1, 2, 3, 6])
  test.describe(lanes === 1 ? "one line" : `${lanes} lanes`, () => {
    test.use({
      settings: { CALLIN_WAIT_SECONDS: "90", CALLIN_SHOW: "Late", CALLIN_LANES: `${lanes}` },
      devices: {
        outputs: ["Headphones", ...numbers(lanes).map((n = 1) => `Console-${n}`)],
        inputs: [
          ["Microphone", microphone],
          ...numbers(lanes).map((n = 1) => [`N-1-${n}`, returns[n - 1]] as [string, number]),
        ],
      },
    });
    test.setTimeout(lanes < 6 ? 600_000 : 1_200_000); // with six each look at the matrix takes a minute

    const ready = (desk: Desk) =>
      lanes === 1
        ? desk.isOnLine()
        : expect(desk.region("Phone").getByText(`${lanes} of ${lanes} lanes on the line`)).toBeVisible();

    test(
      "each caller hears who they should, and each output plays its lane, in both ways of return",
      lanes < 3 ? devices : longDevices,
      async ({ desk, house, card, choose }) => {
        const choices = async (label: string, device: string) => {
          for (const n of numbers(lanes)) await choose(n, label, `${device}-${n ?? 1}`);
        };
        await choices("Plays through", "Console");
        if (lanes === 1) await desk.button("Connect anew").click();
        await ready(desk);
        const matrix = await Matrix.begin(lanes, { desk, house, card, choose });
        await matrix.isMixed();
        await choices(lanes === 1 ? "Callers hear" : "Its caller hears", "N-1");
        await matrix.isReturned();
      },
    );

    test("so it is again after all that can happen", longDevices, async ({ desk, house, card, choose }) => {
      const phone = desk.region("Phone");
      await ready(desk);
      for (const n of numbers(lanes)) {
        await choose(n, "Plays through", `Console-${n ?? 1}`);
        await choose(n, lanes === 1 ? "Callers hear" : "Its caller hears", `N-1-${n ?? 1}`);
      }
      const tokens = await shortTokens(desk.page, house);
      await desk.page.reload();
      await ready(desk);
      const matrix = await Matrix.begin(lanes, { desk, house, card, choose });
      await matrix.isReturned();
      const [first, second] = matrix.callers as [Caller, Caller];

      // Each lane has had another token at least twice, and the first ones have ended.
      await expect.poll(() => tokens.given, { timeout: 60_000 }).toBeGreaterThan(3 * lanes);
      await matrix.isReturned();
      tokens.ended = true;

      if (lanes > 1) {
        const fader = desk.page.getByRole("slider", { name: `Fader of ${second.name}, lane 2` });
        await fader.press("Home");
        await card.plays("Console-2", [], [first.hz, second.hz]);
        await fader.fill("0");

        // One moves to the lane of another who has hung up, and a third comes onto theirs.
        await second.hangUp();
        await desk.isNowhere(second);
        await desk.button(`Move ${first.name} to lane 2`).press("Enter");
        await expect(desk.page.getByRole("slider", { name: `Fader of ${first.name}, lane 2` })).toBeVisible();
        const third = await house.ring({ tone: second.hz });
        await desk.is(third, "ready");
        await desk.press(third, "Take");
        await isOnAir(desk, third);
        matrix.callers.splice(0, 2, third, first);
        await matrix.isReturned();

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
        await desk.is(first, "on hold");
        await ready(desk);
        await desk.press(first, "Resume");
        await isOnAir(desk, first);
        await matrix.isReturned();
      }

      // Twilio's signalling is lost for a while, and then the station.
      await house.stage.request("PUT", "/stage/faults", { no_signalling: { for_seconds: 5 } });
      await house.stage.request("POST", "/stage/signalling/cut");
      await matrix.isReturned();
      await ready(desk);
      await house.callin.end("SIGKILL");
      await matrix.isReturned();
      await house.start();
      await isOnAir(desk, first);
      await matrix.isReturned();

      card.unplug("Console-1");
      await expect(phone.getByText("Console-1 is gone.")).toBeVisible();
      card.output("Console-1");
      await matrix.isReturned();

      await desk.page.reload();
      await desk.isOnLine();
      await bringBack(desk, matrix);
      await matrix.isReturned();
    });
  });
