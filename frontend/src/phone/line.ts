/**
 * How good a caller's line is, from its sound alone: of the line itself nothing is known here. A worklet measures
 * windows of half a second, and what they say together is put into words.
 */
import { Cuts } from "./cuts";
import { gainOf, levelOf } from "./decibels";
import type { Echo } from "./echo";
import { Steady } from "./steady";

/** What was heard in half a second. Levels are in dBFS RMS, of 10 ms. */
export interface Window {
  /** What a tenth of the time was louder than. */
  loud: number;
  /** What a tenth of the time was softer than. */
  soft: number;
  /** How much of the time the sound was at its end, from 0 to 1. */
  clipped: number;
  /** How many times it was cut off and came back at once. */
  cuts: number;
}

/** What is louder than this is at a codec's end. */
const full = gainOf(-0.4);

/** In s, and how many of them are a window. */
const frame = 0.01;
const frames = 50;

/** Measures windows, sample by sample. */
export class Windows {
  readonly #length: number;
  #levels: number[] = [];
  #power = 0;
  #count = 0;
  #ended = 0;
  readonly #cuts = new Cuts();
  /** Powers and lengths of 1 ms. */
  readonly #short: number;
  #shortPower = 0;
  #shortCount = 0;

  constructor(rate: number) {
    this.#length = Math.round(frame * rate);
    this.#short = Math.round(rate / 1000);
  }

  /** Takes a sample in; reports the window that it ends. */
  push(x: number): Window | undefined {
    this.#power += x * x;
    this.#shortPower += x * x;
    if (++this.#shortCount === this.#short) {
      this.#cuts.push(this.#shortPower / this.#short);
      this.#shortPower = this.#shortCount = 0;
    }
    if (Math.abs(x) >= full) this.#ended++;
    if (++this.#count < this.#length) return undefined;
    const level = levelOf(this.#power / this.#length);
    this.#power = this.#count = 0;
    this.#levels.push(level);
    if (this.#levels.length < frames) return undefined;
    const sorted = this.#levels.sort((a, b) => a - b);
    const window = {
      loud: sorted[Math.floor(frames * 0.9)] ?? -100,
      soft: sorted[Math.floor(frames * 0.1)] ?? -100,
      clipped: this.#ended / (frames * this.#length),
      cuts: this.#cuts.count,
    };
    this.#levels = [];
    this.#ended = this.#cuts.count = 0;
    return window;
  }
}

/** listening: too little was heard to say anything. */
export type Line = "listening" | "good" | "choppy" | "distorted" | "noisy" | "quiet";

/** How many windows are judged together: ten seconds. */
const span = 20;
/** How many judgements in turn are needed to say so, and to take back what was said, in windows. */
const patience = { said: 4, better: 10 };

/** A voice stands out of what is between words by so much, in dB, and is louder than this, in dBFS. */
const voice = { over: 10, least: -60 };
/** A voice below this, in dBFS, is quiet. */
const quiet = -38;
/** Noise is louder than this, in dBFS, and a voice's loudest less than so many dB above it. */
const noise = { least: -50, under: 20 };
/** A noise without a voice wavers by as much, in dB: a tone does not. */
const wavers = 1;

/** Follows one caller's windows. */
export class LineJudge {
  #windows: Window[] = [];
  readonly #line = new Steady<Line>("listening", (from, to) =>
    to === "good" && from !== "listening" ? patience.better : patience.said,
  );

  window(one: Window): Line {
    this.#windows = [...this.#windows.slice(1 - span), one];
    // Who says nothing for a while has the line that they had.
    return this.#line.find(judged(this.#windows) ?? this.#line.value);
  }
}

const ranked = (values: number[], at: number): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length * at)] ?? -100;

/** What windows say; undefined where nobody was heard. */
function judged(windows: Window[]): Line | undefined {
  const wide = (w: Window) => w.loud - w.soft;
  const voices = windows.filter((w) => w.loud > voice.least && wide(w) >= voice.over);
  const speaks = voices.length >= 4;
  const level = ranked(
    voices.map((w) => w.loud),
    0.5,
  );
  const between = ranked(
    windows.map((w) => w.soft),
    0.2,
  );
  const steady = windows.filter((w) => w.soft > noise.least && wide(w) >= wavers && wide(w) < voice.over);
  if (windows.reduce((all, w) => all + w.cuts, 0) >= 3) return "choppy";
  if (windows.filter((w) => w.clipped > 0.002).length >= 3) return "distorted";
  if (steady.length >= span / 2) return "noisy";
  if (!speaks) return undefined;
  if (between > noise.least && level - between < noise.under) return "noisy";
  return level < quiet ? "quiet" : "good";
}

/** A line whose sound may come back is told of before all else: it disturbs everybody. */
export type LaneLine = Line | Exclude<Echo, "none">;

export const lineWords: Record<LaneLine, { sign: string; text: string; todo: string }> = {
  listening: { sign: "○", text: "Line not known yet", todo: "" },
  good: { sign: "●", text: "Good line", todo: "" },
  choppy: {
    sign: "▲",
    text: "Choppy line",
    todo: "ask them to leave the speaker, and to stay where the reception is good",
  },
  distorted: { sign: "▲", text: "Distorted line", todo: "ask them to hold the phone further from the mouth" },
  noisy: {
    sign: "▲",
    text: "Noisy line",
    todo: "ask them to turn their radio off or to go where it is quieter",
  },
  quiet: { sign: "▲", text: "Quiet line", todo: "ask them to speak into the phone, and not by its speaker" },
  echo: {
    sign: "▲",
    text: "Echo",
    todo: "ask them to leave the speaker, and to turn their radio off",
  },
  self: {
    sign: "▲",
    text: "Hears themselves",
    todo: "on a console take this lane out of its own N-1; else use headphones, or turn the loudspeaker down",
  },
  howl: {
    sign: "▲",
    text: "Echo, soon a howl",
    todo: "close this fader now; then ask them to leave the speaker, and on a console take this lane out of its own N-1",
  },
};
