/** A lane's insert: its sound before the fader, which is measured there in the thread of the sound, not in the page's. */
import url from "./insert.worklet.ts?worker&url";
import { floor, type Level } from "./loudness";

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

/** Makes a context know the insert's worklet. */
export const prepare = (context: AudioContext): Promise<void> => context.audioWorklet.addModule(url);

export class Insert {
  readonly in: GainNode;
  readonly out: GainNode;
  /** What was measured last. */
  level: Level = { peak: floor, loudness: floor, clipped: false };
  readonly clip = new Clip();
  readonly #context: AudioContext;

  /** Until it begins, the sound goes through as it is. */
  constructor(context: AudioContext) {
    this.#context = context;
    this.in = new GainNode(context);
    this.out = new GainNode(context);
    this.in.connect(this.out);
  }

  /** The context has been prepared. */
  begin() {
    const node = new AudioWorkletNode(this.#context, "insert", {
      channelCount: 1,
      channelCountMode: "explicit",
      outputChannelCount: [1],
    });
    node.port.onmessage = ({ data }: MessageEvent<Level>) => {
      this.level = data;
      if (data.clipped) this.clip.see(performance.now());
    };
    this.in.disconnect();
    this.in.connect(node).connect(this.out);
  }
}
