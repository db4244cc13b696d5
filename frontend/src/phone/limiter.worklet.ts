/** Limits each sample, in the thread of the sound. */
import { Limit } from "./limit";

declare class AudioWorkletProcessor {}
declare function registerProcessor(name: string, made: new () => AudioWorkletProcessor): void;
declare const sampleRate: number;

class LimiterProcessor extends AudioWorkletProcessor {
  readonly #limit = new Limit(sampleRate);

  process([from]: Float32Array[][], [to]: Float32Array[][]): boolean {
    const out = to?.[0];
    if (!out) return true;
    const sound = from?.[0];
    for (let i = 0; i < out.length; i++) out[i] = this.#limit.step(sound?.[i] ?? 0);
    return true;
  }
}

registerProcessor("limiter", LimiterProcessor);
