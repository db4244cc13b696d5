/** What is done to each sample of a lane, in the thread of the sound: it is measured. */
import { type Level, Loudness } from "./loudness";

declare class AudioWorkletProcessor {
  readonly port: MessagePort;
}
declare function registerProcessor(name: string, made: typeof AudioWorkletProcessor): void;
declare const sampleRate: number;

/** How often it is said what was measured, in s. */
const every = 0.05;

class Insert extends AudioWorkletProcessor {
  readonly #loudness = new Loudness(sampleRate);
  #untold = 0;

  process([caller]: Float32Array[][], [to]: Float32Array[][]): boolean {
    const out = to?.[0];
    if (!out) return true;
    const sound = caller?.[0];
    for (let i = 0; i < out.length; i++) {
      const x = sound?.[i] ?? 0;
      out[i] = x;
      this.#loudness.push(x);
    }
    this.#untold += out.length;
    if (this.#untold >= every * sampleRate) {
      this.#untold = 0;
      this.port.postMessage(this.#loudness.read() satisfies Level);
    }
    return true;
  }
}

registerProcessor("insert", Insert);
