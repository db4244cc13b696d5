/**
 * What can be done to a lane's sound before its fader, sample by sample: the worklet does it by this. Nothing looks
 * ahead, so that nothing is late.
 */
import { Biquad, highPass } from "./biquad";
import { gainOf, levelOf } from "./decibels";

export interface LaneSound {
  /** In dB, within trimmed. */
  trim: number;
  /** Takes away what is below a voice: rumble and pops. */
  highPass: boolean;
  /** Turns the noise between words down. */
  gate: boolean;
  /** Brings the voice to levelled, slowly. */
  level: boolean;
  /** Turns the lane down while the host speaks. */
  duck: boolean;
}

/** A lane's sound as it is. */
export const plain: LaneSound = { trim: 0, highPass: false, gate: false, level: false, duck: false };

/** The most that a trim adds or takes, in dB. */
export const trimmed = 20;

/** The high-pass's corner, in Hz. */
const corner = 80;
/** What voices are levelled to, in dBFS, and by how many dB at the most. */
const levelled = -20;
const mostLevelled = 12;
/** How fast levelling turns up and down, in dB for each second of voice. */
const turns = { up: 3, down: 8 };
/** Levelling lifts no noise above this, in dBFS. */
const liftedNoise = -50;
/** The time over which a voice's level is taken, in s of voice, and how much of it must have been heard. */
const voiceTime = 2;
const voiceHeard = 0.4;
/** So many dB above the noise is a voice; below, the gate closes more and more. */
const overNoise = 9;
/** A line without noise counts as if it had this much, in dBFS. */
const leastNoise = -65;
/** What is louder than this, in dBFS, the gate takes for no noise. */
const loudestNoise = -36;
/** What the gate takes of noise at the most, in dB: gentle. How long it stays open and takes to close, in s. */
const gate = { takes: 12, stays: 0.25, closes: 0.4 };
/**
 * From which level of the microphone on the host speaks, in dBFS; what is taken of the lane then, in dB; how long that
 * takes to go, stays and takes to come back, in s.
 */
const duck = { from: -40, takes: 12, goes: 0.05, stays: 0.5, comes: 0.8 };

/** How often a gain is set, in s, and how long it takes to be there: at once would crackle. */
const hop = 0.005;
const glide = 0.002;
/** In hops. */
const halfSecond = Math.round(0.5 / hop);

const within = (value: number, least: number, most: number): number => Math.max(least, Math.min(most, value));

/** The noise between words: the softest 20 ms of the last two seconds. */
class Noise {
  level = 0;
  /** The softest of each half second. */
  readonly #softest = [0, 0, 0, 0];
  readonly #last = [0, 0, 0, 0];
  #hops = 0;

  push(level: number) {
    this.#last[this.#hops % 4] = level;
    const now = Math.max(...this.#last);
    const half = Math.floor(this.#hops / halfSecond) % 4;
    const begins = this.#hops++ % halfSecond === 0;
    this.#softest[half] = begins ? now : Math.min(this.#softest[half] ?? 0, now);
    this.level = Math.max(leastNoise, Math.min(...this.#softest));
  }
}

/** A gain in dB that follows its goal one way, stays there for a while, and goes back. */
class Stayed {
  value = 0;
  #left = 0;
  readonly #way: 1 | -1;
  readonly #there: number;
  readonly #stays: number;
  readonly #back: number;

  /** way is the one in which it goes at there dB a second; it stays for so many s, and goes back at back dB a second. */
  constructor(way: 1 | -1, there: number, stays: number, back: number) {
    this.#way = way;
    this.#there = there;
    this.#stays = stays;
    this.#back = back;
  }

  go(goal: number) {
    const along = (goal - this.value) * this.#way >= 0;
    this.#left = along ? this.#stays : this.#left - hop;
    if (!along && this.#left > 0) return;
    const most = hop * (along ? this.#there : this.#back);
    this.value += within(goal - this.value, -most, most);
  }
}

/** The gain, in dB, that brings a voice to levelled. */
class Leveller {
  value = 0;
  #power = 0;
  #heard = 0;

  /** power and level are a hop's; noise is the line's. It moves while somebody speaks; what would lift noise goes. */
  go(power: number, level: number, noise: number) {
    const most = within(liftedNoise - noise, 0, mostLevelled);
    const speaks = level > noise + overNoise;
    if (speaks) {
      this.#heard += hop;
      this.#power += (power - this.#power) * (hop / Math.min(this.#heard, voiceTime));
    }
    const goal = speaks && this.#heard > voiceHeard ? levelled - levelOf(this.#power) : this.value;
    this.value += within(within(goal, -mostLevelled, most) - this.value, -turns.down * hop, turns.up * hop);
  }
}

/** Does to one lane what is set. */
export class Shaper {
  #sound = plain;
  readonly #cut: Biquad;
  /** How much of the cut sound there is, from 0 to 1. */
  #cuts = 0;
  #noise = new Noise();
  #leveller = new Leveller();
  readonly #gate = new Stayed(1, Number.POSITIVE_INFINITY, gate.stays, gate.takes / gate.closes);
  readonly #duck = new Stayed(-1, duck.takes / duck.goes, duck.stays, duck.takes / duck.comes);
  #gain = 1;
  #goal = 1;
  readonly #glide: number;
  readonly #hop: number;
  #count = 0;
  #voice = 0;
  #host = 0;

  constructor(rate: number) {
    this.#cut = new Biquad(highPass(rate, corner, Math.SQRT1_2));
    this.#glide = 1 - Math.exp(-1 / (glide * rate));
    this.#hop = Math.round(hop * rate);
  }

  set(sound: LaneSound) {
    if (!sound.level) this.#leveller = new Leveller();
    this.#sound = sound;
  }

  /** Another caller is on the lane: what was learnt of the one before says nothing. */
  begin() {
    this.#noise = new Noise();
    this.#leveller = new Leveller();
  }

  /** One sample of the caller, with what the host's microphone has at that time. */
  step(caller: number, host: number): number {
    const cut = this.#cut.step(caller);
    this.#cuts += ((this.#sound.highPass ? 1 : 0) - this.#cuts) * this.#glide;
    const x = caller + this.#cuts * (cut - caller);
    this.#voice += x * x;
    this.#host += host * host;
    if (++this.#count === this.#hop) this.#turn();
    this.#gain += (this.#goal - this.#gain) * this.#glide;
    return x * this.#gain;
  }

  /** Sets the gain anew. */
  #turn() {
    const trim = gainOf(this.#sound.trim);
    const power = (this.#voice / this.#hop) * trim ** 2;
    const host = levelOf(this.#host / this.#hop);
    this.#count = this.#voice = this.#host = 0;
    const level = levelOf(power);
    this.#noise.push(level);
    const noise = this.#noise.level;
    const opens = Math.min(noise + overNoise, loudestNoise);
    const closed = within(((level - opens) / overNoise) * gate.takes, -gate.takes, 0);
    this.#gate.go(this.#sound.gate ? closed : 0);
    if (this.#sound.level) this.#leveller.go(power, level, noise);
    this.#duck.go(this.#sound.duck && host > duck.from ? -duck.takes : 0);
    this.#goal = trim * gainOf(this.#gate.value + this.#leveller.value + this.#duck.value);
  }
}
