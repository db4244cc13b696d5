/** Tries the lanes' sound devices by a tone, before the show: nobody may be on a lane, and callers hear nothing of it. */

import type { Ear } from "./ear";
import { floor, type Heard, judge, type LaneFinding, type Trial } from "./findings";
import { varies } from "./levels";
import type { Mix } from "./mix";
import type { Patch } from "./patch.svelte";
import { began, loudness } from "./tone";

/** How long a lane's tone sounds, what is quiet before it, and how often it is looked whether it has come, in ms. */
const [sounds, quiet, every] = [1_200, 500, 100];
/** How long is listened before the first one, in ms: all that an ear holds. */
const listens = 750;
/** A tone must be louder than what was there before it by so much, in dB. */
const above = 6;

const soon = (ms: number) => new Promise((done) => setTimeout(done, ms));

export class LaneCheck {
  /** The lane that is tried now. */
  running = $state<number>();
  /** What was found, one for each lane; none before the first check, and after the devices have changed. */
  findings = $state.raw<LaneFinding[]>([]);
  /** The lane whose output plays the line-up tone. */
  lined = $state<number>();
  #tone: { end(): void } | undefined;
  /** Counts the checks: one that was ended finds nothing. */
  #turn = 0;
  readonly #mix: () => Mix | undefined;
  readonly #patch: Patch;

  constructor(mix: () => Mix | undefined, patch: Patch) {
    this.#mix = mix;
    this.#patch = patch;
  }

  /** Ends it, as somebody comes onto a lane, or what was found holds no more. */
  end() {
    this.#turn++;
    this.#quiet();
    this.#mix()?.shut(false);
    this.running = undefined;
  }

  forget() {
    this.end();
    this.findings = [];
  }

  #quiet() {
    this.#tone?.end();
    this.#tone = undefined;
    this.lined = undefined;
  }

  /** Has a lane's output play the tone until it is pressed again. */
  lineUp(lane: number) {
    const again = this.lined === lane;
    this.end();
    if (again) return;
    const mix = this.#mix();
    mix?.shut(true);
    this.#tone = mix?.tone(lane);
    if (this.#tone) this.lined = lane;
    else mix?.shut(false);
  }

  /** Tries one lane after the other. */
  async begin(lanes: number) {
    await this.#patch.look(); // a device that has just been chosen is used from then on
    const mix = this.#mix();
    if (this.running !== undefined || !mix) return;
    this.forget();
    const turn = this.#turn;
    this.running = 0;
    mix.shut(true);
    const known = Array.from({ length: lanes }, (_, lane) => this.#named(lane));
    const ears = mix.ears().map((ear, at) => (known[at] ? undefined : ear));
    try {
      await soon(listens);
      const before = ears.map((ear) => ear && loudness(ear.wave(), ear.rate).most);
      const dead = new Set(ears.keys());
      const trials: (Trial | undefined)[] = [];
      for (let lane = 0; lane < lanes && turn === this.#turn; lane++) {
        this.running = lane;
        const tone = known[lane] ? undefined : mix.tone(lane);
        this.#tone = tone;
        const heard = tone && (await listen(ears, before, () => turn === this.#turn, dead));
        tone?.end();
        const returns = heard?.slice(0, lanes);
        trials.push(returns && { returns, microphone: heard?.[lanes] });
        await soon(quiet);
      }
      if (turn !== this.#turn) return;
      this.findings = judge({ lanes: trials, dead: [...dead].filter((at) => ears[at]), known });
    } finally {
      for (const ear of ears) ear?.end();
      if (turn === this.#turn) this.end();
    }
  }

  /** What the names of a lane's devices say: with a return of its own it needs an output that no other lane has. */
  #named(lane: number): LaneFinding | undefined {
    const own = this.#patch.at(lane, "return");
    if (!own) return undefined;
    for (let other = 0; other < lane; other++) {
      if (this.#patch.at(other, "return") === own) return { is: "another's", whose: other };
      if (this.#patch.at(other, "output") === this.#patch.at(lane, "output"))
        return { is: "shared", with: other };
    }
    return undefined;
  }
}

/** What the ears hear of the tone that has just begun; those in whom anything differs are no longer held for dead. */
async function listen(
  ears: (Ear | undefined)[],
  before: (number | undefined)[],
  goesOn: () => boolean,
  dead: Set<number>,
): Promise<(Heard | undefined)[]> {
  const came: (number | undefined)[] = [];
  const least = (at: number) => Math.max(floor, (before[at] ?? floor) + above);
  for (const end = performance.now() + sounds; performance.now() < end && goesOn(); ) {
    await soon(every);
    for (const [at, ear] of ears.entries()) {
      if (!ear) continue;
      const ago = came[at] === undefined ? began(ear.wave(), ear.rate, least(at)) : undefined;
      if (ago !== undefined) came[at] = ear.now - ago;
      if (dead.has(at) && varies(ear.wave())) dead.delete(at);
    }
  }
  const first = Math.min(...came.filter((at) => at !== undefined));
  return ears.map((ear, at) => {
    if (!ear) return undefined;
    const level = loudness(ear.wave(), ear.rate).median;
    const then = came[at];
    return {
      level: level > least(at) ? level : Number.NEGATIVE_INFINITY,
      later: then === undefined ? undefined : (then - first) * 1000,
    };
  });
}
