/**
 * A lane's insert: what is done to its sound before the fader, and measured of it, in the thread of the sound and not
 * in the page's.
 */

import { silence } from "./decibels";
import url from "./insert.worklet.ts?worker&url";
import { type LaneSound, plain } from "./lanesound";
import type { Window } from "./line";
import type { Level } from "./loudness";

/** How long a clip is shown that nobody takes note of, in ms. */
const held = 10_000;

/** Holds that a lane has clipped until somebody has seen it, or a while has passed. */
export class Clip {
  #at = Number.NEGATIVE_INFINITY;

  see(now: number) {
    this.#at = now;
  }

  isHeld = (now: number): boolean => now - this.#at < held;

  seen() {
    this.#at = Number.NEGATIVE_INFINITY;
  }
}

/** What the worklet is told: what is to be done, and that another caller is on the lane. */
export interface Order {
  sound: LaneSound;
  another: boolean;
}

/** What the worklet is made with: whether it is to say what it measures. */
export interface Made {
  tells: boolean;
}

/** What it says: the level as it goes on, and from time to time of the sound as it comes what tells of the line. */
export interface Told {
  level: Level;
  window: Window | undefined;
}

export class Insert {
  readonly in: GainNode;
  readonly out: GainNode;
  /** What was measured last. */
  level: Level = { peak: silence, loudness: silence, clipped: false };
  readonly clip = new Clip();
  /** Is told what was heard in each half second. */
  onWindow: (one: Window) => void = () => {};
  /** Whether the browser can do it; where not, the sound goes through as it is. */
  readonly works: Promise<boolean>;
  readonly #context: AudioContext;
  #node: AudioWorkletNode | undefined;
  #sound = plain;
  #host: MediaStream | undefined;
  /** The host's microphone, while the lane is ducked under it. */
  #side: MediaStreamAudioSourceNode | undefined;

  constructor(context: AudioContext, made: Made) {
    this.#context = context;
    this.in = new GainNode(context);
    this.out = new GainNode(context);
    this.in.connect(this.out);
    this.works = this.#begin(made).then(
      () => true,
      () => false,
    );
  }

  async #begin(made: Made) {
    await this.#context.audioWorklet.addModule(url);
    const node = new AudioWorkletNode(this.#context, "insert", {
      numberOfInputs: 2,
      channelCount: 1,
      channelCountMode: "explicit",
      outputChannelCount: [1],
      processorOptions: made,
    });
    node.port.onmessage = ({ data: { level, window } }: MessageEvent<Told>) => {
      this.level = level;
      if (level.clipped) this.clip.see(performance.now());
      if (window) this.onWindow(window);
    };
    this.#node = node;
    this.#order(false);
    this.#duck();
    this.in.disconnect();
    this.in.connect(node).connect(this.out);
  }

  /** What is to be done to the sound from now on. */
  set(sound: LaneSound) {
    if (JSON.stringify(sound) === JSON.stringify(this.#sound)) return;
    this.#sound = sound;
    this.#order(false);
    this.#duck();
  }

  /** Another caller is on the lane: what was learnt of the one before says nothing. */
  another() {
    this.#order(true);
  }

  /** The microphone under which the lane can be ducked. */
  hearHost(stream: MediaStream | undefined) {
    this.#side?.disconnect();
    this.#side = undefined;
    this.#host = stream;
    this.#duck();
  }

  #order(another: boolean) {
    this.#node?.port.postMessage({ sound: this.#sound, another } satisfies Order);
  }

  #duck() {
    const ducks = this.#node && this.#sound.duck && this.#host;
    if (!ducks) {
      this.#side?.disconnect();
      this.#side = undefined;
    } else if (this.#node && !this.#side) {
      this.#side = this.#context.createMediaStreamSource(ducks);
      this.#side.connect(this.#node, 0, 1);
    }
  }
}
