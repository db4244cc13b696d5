/** Where several voices come together, limited in the thread of the sound; see limit.ts. */
import url from "./limiter.worklet.ts?worker&url";

export class Limiter {
  readonly in: GainNode;
  readonly out: GainNode;

  /** In a browser without worklets what comes in goes out as it is. */
  constructor(context: AudioContext) {
    this.in = new GainNode(context);
    this.out = new GainNode(context);
    this.in.connect(this.out);
    void this.#begin(context).catch(() => {});
  }

  async #begin(context: AudioContext) {
    await context.audioWorklet.addModule(url);
    const node = new AudioWorkletNode(context, "limiter", {
      channelCount: 1,
      channelCountMode: "explicit",
      outputChannelCount: [1],
    });
    this.in.disconnect();
    this.in.connect(node).connect(this.out);
  }
}
