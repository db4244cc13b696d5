/** Hears what a device gives, for the check before the show. */
export class Ear {
  readonly #analyser: AnalyserNode;
  readonly #source: AudioNode;
  readonly #wave: Float32Array<ArrayBuffer>;

  constructor(context: AudioContext, source: AudioNode) {
    this.#analyser = new AnalyserNode(context, { fftSize: 32_768 }); // the most that there is: 0.68 s at 48 kHz
    this.#source = source;
    source.connect(this.#analyser);
    this.#wave = new Float32Array(this.#analyser.fftSize);
  }

  get rate(): number {
    return this.#analyser.context.sampleRate;
  }

  /** The time of the samples' end, in s of its context. */
  get now(): number {
    return this.#analyser.context.currentTime;
  }

  /** The latest samples. */
  wave(): Float32Array {
    this.#analyser.getFloatTimeDomainData(this.#wave);
    return this.#wave;
  }

  end() {
    this.#source.disconnect(this.#analyser);
  }
}
