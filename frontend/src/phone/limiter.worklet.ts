/** Limits each sample of each sum, in the thread of the sound. */
import { Limit } from "./limit";

declare class AudioWorkletProcessor {}
declare function registerProcessor(
  name: string,
  made: new (options: { numberOfInputs: number }) => AudioWorkletProcessor,
): void;
declare const sampleRate: number;

class LimiterProcessor extends AudioWorkletProcessor {
  readonly #limits: Limit[];

  constructor({ numberOfInputs }: { numberOfInputs: number }) {
    super();
    this.#limits = Array.from({ length: numberOfInputs }, () => new Limit(sampleRate));
  }

  process(from: Float32Array[][], to: Float32Array[][]): boolean {
    for (const [n, limit] of this.#limits.entries()) {
      const [sound, out] = [from[n]?.[0], to[n]?.[0]];
      if (sound && out) for (let i = 0; i < out.length; i++) out[i] = limit.step(sound[i] ?? 0);
    }
    return true;
  }
}

registerProcessor("limiter", LimiterProcessor);
