import type { Desk } from "./kit/desk";
import { longDevices } from "./kit/long";
import { test } from "./kit/soundcard";
import type { Caller } from "./kit/stage";
import { expect, type House } from "./kit/test";

/** What the computer's inputs hear. */
const [microphone, n1a, n1b] = [1000, 1300, 1700];

test.use({
  settings: { CALLIN_WAIT_SECONDS: "60", CALLIN_SHOW: "Late", CALLIN_LANES: "2" },
  devices: {
    outputs: ["Headphones", "Console-1", "Console-2", "Cue"],
    inputs: [
      ["Microphone", microphone],
      ["N-1-a", n1a],
      ["N-1-b", n1b],
    ],
  },
});

/** Takes the first two callers, each onto a lane. */
async function two(desk: Desk, house: House): Promise<[Caller, Caller]> {
  const callers: [Caller, Caller] = [await house.ring(), await house.ring()];
  for (const caller of callers) {
    await desk.is(caller, "ready");
    await desk.press(caller, "Take");
    await desk.is(caller, "on air");
  }
  return callers;
}

test(
  "a lane whose device is gone plays nowhere else, is said, and comes back by itself",
  longDevices,
  async ({ house, desk, card, choose }) => {
    const { page } = desk;
    const phone = desk.region("Phone");
    const [ana, ben] = await two(desk, house);
    for (const [lane, name] of [
      [1, "a"],
      [2, "b"],
    ] as const) {
      await choose(lane, "Plays through", `Console-${lane}`);
      await choose(lane, "Its caller hears", `N-1-${name}`);
    }
    const inputs = [microphone, n1a, n1b];
    const all = [ana.hz, ben.hz, ...inputs];
    await card.plays("Console-1", [ana.hz], all);
    await card.plays("Console-2", [ben.hz], all);
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

    // What is gone is said in three seconds.
    card.unplug("Console-2");
    await expect(phone.getByText("Lane 2 plays nowhere: Console-2 is gone.")).toBeVisible({ timeout: 3_000 });
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
  },
);

test(
  "the cue is for the host alone, before the fader, and never where callers are heard",
  longDevices,
  async ({ house, desk, card, choose }) => {
    const { page } = desk;
    const [ana, ben] = await two(desk, house);
    const all = [ana.hz, ben.hz, microphone];
    const heardBy = async (cue: number[], out: number[]) => {
      await card.plays("Cue", cue, all);
      await card.plays("Headphones", out, all);
    };
    // Whether callers hear each other goes by the faders, or not, as is chosen.
    const fader = page.getByRole("slider", { name: "Fader of Ana, lane 1" });
    await fader.press("Home");
    await ben.hearsNot(ana.hz);
    await page.getByLabel("Callers hear each other whatever the faders say").check();
    await ben.hears(ana.hz);
    await heardBy([], [ben.hz]);

    const phone = desk.region("Phone");
    await expect(desk.button(/^Cue /)).toHaveCount(0);
    await phone.getByLabel("Cue plays through").selectOption({ label: "Cue" });
    await desk.button("Cue Ana: listen before the fader").click();
    await heardBy([ana.hz], [ben.hz]);
    await ana.hears(microphone);
    await desk.button("Cue Ben: listen before the fader").click();
    await heardBy([ben.hz], [ben.hz]);
    await desk.button("Cue Ben: listen before the fader").click();
    await heardBy([], [ben.hz]);

    await desk.button("Cue Ana: listen before the fader").click();
    card.unplug("Cue");
    await expect(phone.getByText("The cue plays nowhere: Cue is gone.")).toBeVisible({ timeout: 3_000 });
    await card.plays("Headphones", [ben.hz], all);
    card.output("Cue");
    await expect(phone.getByText("The cue plays nowhere: Cue was unplugged.")).toBeVisible();
    await heardBy([], [ben.hz]);
    await page.reload();
    await desk.isOnLine();
    await desk.button(/^Bring them back/).click();
    await desk.is(ana, "on air");
    await desk.button("Cue Ana: listen before the fader").click();
    await expect(phone.getByText("The cue plays nowhere: Cue was unplugged.")).toBeVisible();
    await heardBy([], [ben.hz]);
    await phone.getByText("Sound devices", { exact: true }).click();
    for (const lane of [1, 2]) await choose(lane, "Plays through", "Console-1");
    await phone.getByLabel("Cue plays through").selectOption({ label: "Console-1" });
    await expect(
      phone.getByText("The cue plays nowhere: callers are heard through Console-1 too"),
    ).toBeVisible();
    await card.plays("Console-1", [ben.hz], all);
  },
);
