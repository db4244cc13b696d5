/** How loud both ways of a lane are, 10 ms by 10 ms, measured in the thread of the sound. */
import { Envelope, type Ways } from "./echo";

declare class AudioWorkletProcessor {
  readonly port: MessagePort;
}
declare function registerProcessor(name: string, made: new () => AudioWorkletProcessor): void;
declare const sampleRate: number;

/** How many are told at once: what they say is said of seconds. */
const atOnce = 10;

class BothWays extends AudioWorkletProcessor {
  readonly #said = new Envelope(sampleRate);
  readonly #sent = new Envelope(sampleRate);
  #measured: Ways[] = [];

  process([comes, goes]: Float32Array[][], [out]: Float32Array[][]): boolean {
    const count = out?.[0]?.length ?? 0;
    for (let i = 0; i < count; i++) {
      const said = this.#said.push(comes?.[0]?.[i] ?? 0);
      const sent = this.#sent.push(goes?.[0]?.[i] ?? 0);
      if (said !== undefined && sent !== undefined) this.#measured.push({ said, sent });
    }
    if (this.#measured.length >= atOnce) {
      this.port.postMessage(this.#measured);
      this.#measured = [];
    }
    return true;
  }
}

registerProcessor("bothways", BothWays);
