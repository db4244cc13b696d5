/** Where several voices come together, limited in the thread of the sound; see limit.ts. */
import url from "./limiter.worklet.ts?worker&url";

/** Voices together, on their way in and out. */
export interface Sum {
  in: GainNode;
  out: GainNode;
}

/** Limits each sum by itself, all in one worklet: each one takes the processor hundreds of times a second. */
export class Limiter {
  /** What is heard through this computer's chosen output. */
  readonly here: Sum;
  /** What each lane's caller hears. */
  readonly lanes: Sum[];

  /** In a browser without worklets what comes in goes out as it is. */
  constructor(context: AudioContext, lanes: number) {
    const sum = () => {
      const sum = { in: new GainNode(context), out: new GainNode(context) };
      sum.in.connect(sum.out);
      return sum;
    };
    this.here = sum();
    this.lanes = Array.from({ length: lanes }, sum);
    void this.#begin(context).catch(() => {});
  }

  async #begin(context: AudioContext) {
    await context.audioWorklet.addModule(url);
    const sums = [this.here, ...this.lanes];
    const node = new AudioWorkletNode(context, "limiter", {
      numberOfInputs: sums.length,
      numberOfOutputs: sums.length,
      channelCount: 1,
      channelCountMode: "explicit",
      outputChannelCount: sums.map(() => 1),
    });
    for (const [n, sum] of sums.entries()) {
      sum.in.disconnect();
      sum.in.connect(node, 0, n);
      node.connect(sum.out, n);
    }
  }
}
