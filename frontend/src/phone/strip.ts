/** One lane in the mix: what its caller says, and where that goes. */
import { BothWays } from "./bothways";
import { gainOf } from "./decibels";
import { Insert } from "./insert";
import { type LaneSound, plain } from "./lanesound";
import type { Sum } from "./limiter";
import { toneIn } from "./tone";

/** What a fader is at its lower end: nothing is heard. */
export const closed = -60;
/** The most that a fader adds, in dB. */
export const top = 10;

const faded = (decibels: number): number => (decibels <= closed ? 0 : gainOf(decibels));

/** How long a fader takes to come to where it was put, in s: at once would crackle. */
const glide = 0.02;

/** A device that is chosen for a lane: its id while it is there, null while it is not; undefined where none is chosen. */
export type Chosen = string | null | undefined;

/** A tone that sounds until it is ended. */
export type Sounding = Pick<ReturnType<typeof toneIn>, "end">;

/** What Chromium's contexts can, and TypeScript does not know yet. */
interface Routed extends AudioContext {
  setSinkId(to: string): Promise<void>;
}

/** A context that begins with the computer's choice and leaves it at once now and then fails, as if its device had gone. */
const nowhere = { latencyHint: "interactive", sinkId: { type: "none" } } as AudioContextOptions;

/**
 * An output of its own. Each context of a page plays through one output, so this is a context too, and has an
 * insert of its own: handed on from one context to another a sound is late by 35 ms and more.
 */
class Output {
  readonly #context = new AudioContext(nowhere) as Routed;
  readonly insert = new Insert(this.#context, { tells: false });
  readonly #fader: GainNode;
  #source: MediaStreamAudioSourceNode | undefined;

  /** onLost is told when its device goes. */
  constructor(level: number, onLost: () => void) {
    this.#fader = new GainNode(this.#context, { gain: level });
    this.insert.out.connect(this.#fader);
    (this.#context as EventTarget).addEventListener("error", onLost);
  }

  /** Until then nothing is heard of it. */
  async playThrough(device: string) {
    void this.#context.resume().catch(() => {}); // where it waits for a press, the mix does too
    await this.#context.setSinkId(device);
    this.#fader.connect(this.#context.destination);
  }

  /** Plays a tone, whatever the fader says, until it is ended. */
  tone(): Sounding {
    const tone = toneIn(this.#context);
    tone.out.connect(this.#context.destination);
    return tone;
  }

  hear(stream: MediaStream | undefined) {
    this.#source?.disconnect();
    this.#source = stream && this.#context.createMediaStreamSource(stream);
    this.#source?.connect(this.insert.in);
  }

  fade(level: number) {
    this.#fader.gain.setTargetAtTime(level, this.#context.currentTime, glide);
  }

  end() {
    void this.#context.close();
  }
}

/** Plays what is heard of a call through a device of its own, while it has one that is there. */
export class Player {
  #output: Output | undefined;
  /** What it plays through now. */
  #device: Chosen;
  #stream: MediaStream | undefined;
  #level = 1;
  #sound = plain;
  #host: MediaStream | undefined;
  readonly #onLost: (device: string) => void;

  /** onLost is told when its device goes. */
  constructor(onLost: (device: string) => void) {
    this.#onLost = onLost;
  }

  hear(stream: MediaStream | undefined) {
    this.#stream = stream;
    this.#output?.hear(stream);
  }

  fade(level: number) {
    this.#level = level;
    this.#output?.fade(level);
  }

  shape(sound: LaneSound) {
    this.#sound = sound;
    this.#output?.insert.set(sound);
  }

  another() {
    this.#output?.insert.another();
  }

  hearHost(stream: MediaStream | undefined) {
    this.#host = stream;
    this.#output?.insert.hearHost(stream);
  }

  /**
   * Plays through a device; while that is not there, through none: nobody's sound may come out elsewhere. A context
   * whose device was unplugged stays silent for good, so each time it is a new one.
   */
  async play(device: Chosen) {
    if (device === this.#device) return;
    if (device === null && this.#device) this.#onLost(this.#device);
    this.end();
    const output = device
      ? new Output(this.#level, () => this.#output === output && this.#lose(device))
      : undefined;
    this.#output = output;
    output?.hear(this.#stream);
    output?.insert.set(this.#sound);
    output?.insert.hearHost(this.#host);
    if (device) await output?.playThrough(device);
    if (this.#output === output) this.#device = device; // else it was told otherwise meanwhile
  }

  /** Its device went, and may be there again before anybody has looked. */
  #lose(device: string) {
    this.#onLost(device);
    this.end();
    this.#device = null;
  }

  /** Plays a tone; undefined where it plays nowhere. */
  tone = (): Sounding | undefined => this.#output?.tone();

  end() {
    this.#output?.end();
    this.#output = undefined;
  }
}

/** One lane in the mix. */
export class Strip {
  /** What its caller says, before the fader. */
  readonly says: GainNode;
  readonly insert: Insert;
  readonly fader: GainNode;
  /** What the other callers hear of it. */
  readonly toOthers: GainNode;
  /** What its caller hears. */
  readonly return: MediaStreamAudioDestinationNode;
  /** All that comes into it: closed while devices are tried. */
  readonly sends: GainNode;
  /** The part of it that the page mixes, silent while the lane has a return of its own. */
  readonly mixed: GainNode;
  readonly ways: BothWays;
  /** The lane as it is heard on this computer's chosen output, silent while it has one of its own. */
  readonly #here: GainNode;
  #source: MediaStreamAudioSourceNode | undefined;
  /** Chromium gives a remote stream's sound to nobody unless an element plays it. */
  readonly #plays = new Audio();
  /** Its own output, and the one for the host's ears alone, before the fader. */
  readonly #own: Player;
  readonly #cue: Player;
  #hasOwn = false;

  /** Its caller's sum is of what they hear, here is this computer's chosen output; onLost is told of an output whose device goes. */
  constructor(context: AudioContext, sum: Sum, here: AudioNode, onLost: (device: string) => void) {
    this.#own = new Player(onLost);
    this.#cue = new Player(onLost);
    this.says = new GainNode(context);
    this.insert = new Insert(context, { tells: true });
    this.fader = new GainNode(context);
    this.toOthers = new GainNode(context);
    this.insert.out.connect(this.fader);
    this.insert.out.connect(this.toOthers);
    this.return = new MediaStreamAudioDestinationNode(context, { channelCount: 1 });
    this.sends = new GainNode(context);
    this.mixed = new GainNode(context);
    this.mixed.connect(sum.in);
    sum.out.connect(this.sends).connect(this.return);
    this.ways = new BothWays(context, this.says, this.sends);
    this.#here = new GainNode(context);
    this.fader.connect(this.#here).connect(here);
    this.#plays.muted = true;
  }

  hear(context: AudioContext, stream: MediaStream | undefined) {
    this.#source?.disconnect();
    this.#source = stream && context.createMediaStreamSource(stream);
    this.#source?.connect(this.says);
    this.#source?.connect(this.insert.in);
    for (const player of this.#players) player.hear(stream);
    this.#plays.srcObject = stream ?? null;
    if (stream) void this.#plays.play().catch(() => {}); // it waits for a press; the context does too
  }

  /** Where it is heard goes by its fader, and what the other callers hear of it by others; both in dB. */
  fade(context: AudioContext, decibels: number, others: number) {
    const level = faded(decibels);
    this.fader.gain.setTargetAtTime(level, context.currentTime, glide);
    this.toOthers.gain.setTargetAtTime(faded(others), context.currentTime, glide);
    this.#own.fade(level);
  }

  shape(sound: LaneSound) {
    this.insert.set(sound);
    for (const player of this.#players) player.shape(sound);
  }

  /** Another caller is on the lane. */
  another() {
    this.insert.another();
    for (const player of this.#players) player.another();
  }

  hearHost(stream: MediaStream | undefined) {
    this.insert.hearHost(stream);
    for (const player of this.#players) player.hearHost(stream);
  }

  get #players(): Player[] {
    return [this.#own, this.#cue];
  }

  /** Plays through a device of its own; without one as this computer plays. */
  play(device: Chosen): Promise<void> {
    this.#hasOwn = device !== undefined;
    this.#here.gain.value = this.#hasOwn ? 0 : 1;
    return this.#own.play(device);
  }

  /** Plays what is before the fader through a device, too. */
  cue = (device: Chosen): Promise<void> => this.#cue.play(device);

  /** Plays a tone where the lane plays; undefined if that is nowhere. */
  tone(context: AudioContext): Sounding | undefined {
    if (this.#hasOwn) return this.#own.tone();
    const tone = toneIn(context);
    tone.out.connect(context.destination);
    return tone;
  }

  end() {
    for (const player of this.#players) player.end();
  }
}
