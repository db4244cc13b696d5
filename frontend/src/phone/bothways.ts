/** Both ways of a lane, side by side: what its caller says, and what is sent to them. */
import url from "./bothways.worklet.ts?worker&url";
import type { Ways } from "./echo";

export class BothWays {
  /** Is told how loud they were, 10 ms by 10 ms. */
  onWays: (measured: Ways[]) => void = () => {};

  /** Nothing is told in a browser that cannot measure them. */
  constructor(context: AudioContext, said: AudioNode, sent: AudioNode) {
    void this.#begin(context, said, sent).catch(() => {});
  }

  async #begin(context: AudioContext, said: AudioNode, sent: AudioNode) {
    await context.audioWorklet.addModule(url);
    const node = new AudioWorkletNode(context, "bothways", {
      numberOfInputs: 2,
      channelCount: 1,
      channelCountMode: "explicit",
      outputChannelCount: [1],
    });
    node.port.onmessage = ({ data }: MessageEvent<Ways[]>) => this.onWays(data);
    said.connect(node, 0, 0);
    sent.connect(node, 0, 1);
    node.connect(context.destination); // silence: what leads nowhere may not run, and what leads into the mix is a circle
  }
}
