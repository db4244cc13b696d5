import type { Desk } from "./kit/desk";
import { long } from "./kit/long";
import type { Caller } from "./kit/stage";
import { expect, test } from "./kit/test";

/** Doubled clicks are this far apart, in ms. */
const doubled = [60, 150, 300, 450, 600];
/** How long Twilio takes for each request, in seconds. */
const delays = [0, 0.3, 1.5];
const rounds = Number(process.env.CALLIN_HAND_ROUNDS ?? 5);

/** A generator of numbers from 0 to below 1 that begins with a seed (mulberry32). */
function dice(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** What has been decided of callers, as Callin was asked and did not refuse. */
class Decided {
  readonly all: string[] = [];

  constructor(desk: Desk) {
    desk.page.on("response", async (response) => {
      const op = response.url().match(/\/api\/op\/(next|take|deck|hold|resume|drop|move|close)$/)?.[1];
      if (!op || !response.ok()) return;
      const { call } = (await response.json()) as { call?: string };
      this.all.push(`${op} ${call ?? ""}`.trim());
    });
  }
}

/** When pointers and keys are pressed from now on, in ms, as the page has it. */
async function pressesFrom(desk: Desk): Promise<() => Promise<number[]>> {
  await desk.page.evaluate(() => {
    const pressed: number[] = [];
    for (const kind of ["pointerdown", "keydown"])
      addEventListener(kind, (event) => pressed.push(event.timeStamp), { capture: true });
    Object.assign(window, { pressed });
  });
  return () => desk.page.evaluate(() => (window as unknown as { pressed: number[] }).pressed);
}

for (const delay of delays)
  test(
    `a clumsy hand does one thing at a time, with ${delay} s of Twilio's delay`,
    delay === 0.3 ? {} : long,
    async ({ house, desk }) => {
      test.setTimeout(180_000 + rounds * 10_000);
      if (delay)
        await house.stage.request("PUT", "/stage/faults", { rest: [{ kind: "slow", seconds: delay }] });
      const seed = Number(process.env.CALLIN_SEED ?? Date.now() % 100_000);
      const roll = dice(seed);
      const pick = <T>(from: readonly T[]): T => from[Math.floor(roll() * from.length)] as T;
      const done = new Decided(desk);
      const waits: Caller[] = [];
      const refill = async () => {
        while (waits.length < 4) {
          const caller = await house.stage.ring({
            name: `Caller ${waits.length}-${Math.floor(roll() * 1e6)}`,
            patience_seconds: 900,
          });
          waits.push(caller);
          await desk.is(caller, "ready");
        }
      };
      let refused = 0;
      for (let round = 0; round < rounds; round++) {
        await refill();
        const before = done.all.length;
        const [first] = waits as [Caller, ...Caller[]];
        const deed = pick(["take", "drop", "next", "next held", "digit", "hangs up"] as const);
        let slow = false;
        const where = `round ${round} of seed ${seed}: ${deed}`;
        const presses = await pressesFrom(desk);
        const twice = async (press: () => Promise<void>) => {
          await press();
          await desk.page.waitForTimeout(pick(doubled)); // the second half of a doubled press
          await press();
          const [one = 0, other = 0] = await presses();
          slow = other - one > 650; // this computer was too busy for a doubled press
        };
        const at = async (name: RegExp) => {
          const box = await desk.card(first, "Ready").getByRole("button", { name }).boundingBox();
          if (!box) throw new Error(`${where}: no button`);
          return [box.x + box.width / 2, box.y + box.height / 2] as const;
        };
        const click = ([x, y]: readonly [number, number]) => desk.page.mouse.click(x, y);
        await expect(desk.button("Next")).toBeEnabled({ timeout: 15_000 });
        switch (deed) {
          case "take":
          case "drop": {
            const name = deed === "take" ? /^Take / : /^Drop /;
            await desk.page.mouse.move(5, 5);
            await desk.card(first, "Ready").hover();
            const place = await at(name);
            await twice(() => click(place));
            break;
          }
          case "next": {
            const box = await desk.button("Next").boundingBox();
            if (!box) throw new Error("no Next");
            await twice(() => click([box.x + 30, box.y + 30]));
            break;
          }
          case "next held":
            await desk.button("Next").focus();
            await desk.page.keyboard.down("Enter");
            for (let i = 0; i < 20; i++) await desk.page.keyboard.down("Enter"); // the key repeats
            await desk.page.keyboard.up("Enter");
            break;
          case "digit": {
            // In a list that is held still the first one's number is the one that is seen.
            const number = await desk.card(first, "Ready").locator(".at").textContent();
            await twice(() => desk.page.keyboard.press(number ?? ""));
            break;
          }
          case "hangs up": {
            // a row leaves under the pointer at the moment of the press
            await desk.page.mouse.move(5, 5);
            await desk.card(first, "Ready").hover(); // the list is held: where it is now it stays
            const [x, y] = await at(/^Take /);
            await desk.page.mouse.move(x, y);
            const rests = Date.now();
            await first.hangUp();
            await expect(desk.card(first)).toHaveCount(0);
            await click([x, y]);
            slow = Date.now() - rests > 3_500; // a list is not held for ever: this may have been another press
            break;
          }
        }
        // Whatever would come of a second press has come when this has: one more deed, by name.
        const probe = waits[waits.length - 1] as Caller;
        await desk.page.waitForTimeout(800);
        await desk.press(probe, "Lock");
        await expect(desk.card(probe).getByRole("button", { name: /^Unlock / })).toBeVisible();
        await desk.press(probe, "Unlock");
        const all = done.all.slice(before);
        const meant = deed === "hangs up" ? 0 : 1;
        if (slow) {
          if (deed === "hangs up") waits.shift();
          const stay = waits.filter(({ sid }) => !all.some((done) => done.includes(sid)));
          waits.splice(0, waits.length, ...stay);
          continue;
        }
        // The list had just been let go and moved: a press on it, or a number, is refused in words.
        const moved = desk.button(/^Dismiss: .*(The list moved at that moment|Nobody was taken)/);
        if (meant && !all.length && (await moved.count())) {
          await moved.first().press("Enter");
          refused++;
          expect(refused, `refused in ${rounds} rounds of seed ${seed}`).toBeLessThanOrEqual(rounds);
          round--; // a hand that is refused tries again
          continue;
        }
        expect(all, where).toHaveLength(meant);
        if (meant) expect(all[0], where).toContain(first.sid);
        waits.shift();
        await expect(desk.card(first, "Ready")).toHaveCount(0, { timeout: 15_000 });
      }
    },
  );
