/** What is done to each sample of a lane, in the thread of the sound: it is shaped and measured. */
import type { Made, Order, Told } from "./insert";
import { Shaper } from "./lanesound";
import { type Window, Windows } from "./line";
import { Loudness } from "./loudness";

declare class AudioWorkletProcessor {
  readonly port: MessagePort;
}
declare function registerProcessor(
  name: string,
  made: new (options: { processorOptions: Made }) => AudioWorkletProcessor,
): void;
declare const sampleRate: number;

/** How often it is said what was measured, in s. */
const every = 0.05;

class InsertProcessor extends AudioWorkletProcessor {
  readonly #shaper = new Shaper(sampleRate);
  readonly #loudness = new Loudness(sampleRate);
  readonly #windows = new Windows(sampleRate);
  #window: Window | undefined;
  readonly #tells: boolean;
  #untold = 0;

  constructor({ processorOptions: { tells } }: { processorOptions: Made }) {
    super();
    this.#tells = tells;
    this.port.onmessage = ({ data: { sound, another } }: MessageEvent<Order>) => {
      this.#shaper.set(sound);
      if (another) this.#shaper.begin();
    };
  }

  process([caller, host]: Float32Array[][], [to]: Float32Array[][]): boolean {
    const out = to?.[0];
    if (!out) return true;
    const sound = caller?.[0];
    const side = host?.[0];
    for (let i = 0; i < out.length; i++) {
      const x = sound?.[i] ?? 0;
      const y = this.#shaper.step(x, side?.[i] ?? 0);
      out[i] = y;
      if (!this.#tells) continue;
      this.#loudness.push(y);
      this.#window = this.#windows.push(x) ?? this.#window;
    }
    this.#untold += out.length;
    if (this.#tells && this.#untold >= every * sampleRate) {
      this.#untold = 0;
      this.port.postMessage({ level: this.#loudness.read(), window: this.#window } satisfies Told);
      this.#window = undefined;
    }
    return true;
  }
}

registerProcessor("insert", InsertProcessor);
