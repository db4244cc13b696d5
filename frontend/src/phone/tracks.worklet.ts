/**
 * Cuts what comes in on its inputs into chunks of about a second, all by one clock. It runs where sound is made:
 * nothing of the page is known here.
 */

// What there is in an AudioWorklet, and TypeScript's DOM does not know.
declare const currentFrame: number;
declare const sampleRate: number;
declare class AudioWorkletProcessor {
  readonly port: MessagePort;
}
declare function registerProcessor(
  name: string,
  processor: new (options: never) => AudioWorkletProcessor,
): void;

/** A piece of the tracks that were not silent. */
export interface Piece {
  at: number;
  frames: number;
  tracks: number[];
  sound: Int16Array<ArrayBuffer>[];
}

/** Samples of one round. */
const quantum = 128;

class Cutter extends AudioWorkletProcessor {
  readonly #length = Math.round(sampleRate / quantum) * quantum;
  readonly #tracks: Int16Array<ArrayBuffer>[];
  readonly #sounds: boolean[];
  #on = false;
  #at = 0;
  #frames = 0;

  constructor(options: { numberOfInputs: number }) {
    super();
    this.#tracks = Array.from({ length: options.numberOfInputs }, () => new Int16Array(this.#length));
    this.#sounds = this.#tracks.map(() => false);
    this.port.onmessage = ({ data }: MessageEvent<boolean>) => {
      this.#on = data;
      if (!data) this.#cut();
    };
  }

  process(inputs: Float32Array[][]): boolean {
    if (!this.#on) return true;
    if (currentFrame !== this.#at + this.#frames) this.#cut();
    if (this.#frames === 0) this.#at = currentFrame;
    for (const [n, track] of this.#tracks.entries()) {
      const samples = inputs[n]?.[0];
      for (let i = 0; i < quantum; i++) {
        const sample = Math.round(Math.max(-1, Math.min(1, samples?.[i] ?? 0)) * 32767);
        track[this.#frames + i] = sample;
        if (sample !== 0) this.#sounds[n] = true;
      }
    }
    this.#frames += quantum;
    if (this.#frames === this.#length) this.#cut();
    return true;
  }

  #cut() {
    if (this.#frames === 0) return;
    const tracks = [...this.#tracks.keys()].filter((n) => this.#sounds[n]);
    const sound = tracks.flatMap((n) => this.#tracks[n]?.slice(0, this.#frames) ?? []);
    const piece: Piece = { at: this.#at, frames: this.#frames, tracks, sound };
    this.port.postMessage(
      piece,
      sound.map((samples) => samples.buffer),
    );
    this.#frames = 0;
    this.#sounds.fill(false);
  }
}

registerProcessor("tracks", Cutter as never);
