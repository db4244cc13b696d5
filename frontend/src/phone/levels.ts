import { levelOf, silence } from "./decibels";
import { Insert } from "./insert";
import type { Window } from "./line";

/** 8192 samples at 48 kHz: bins of 5.9 Hz, a level over 170 ms. */
const fftSize = 8192;

/** What sounds on one stream, in both senses of the phone. */
class Tap {
  readonly #source: MediaStreamAudioSourceNode;
  readonly #analyser: AnalyserNode;
  readonly #wave = new Float32Array(fftSize);
  readonly #insert: Insert | undefined;

  constructor(context: AudioContext, stream: MediaStream, insert?: Insert) {
    this.#insert = insert;
    this.#analyser = new AnalyserNode(context, { fftSize, smoothingTimeConstant: 0 });
    this.#source = context.createMediaStreamSource(stream);
    this.#source.connect(insert?.in ?? this.#analyser);
    insert?.out.connect(this.#analyser);
  }

  /** The RMS level in dBFS. */
  level(): number {
    this.#analyser.getFloatTimeDomainData(this.#wave);
    return decibels(this.#wave);
  }

  /** Whether the samples differ from each other; undefined while the browser lets nothing be heard. */
  alive(): boolean | undefined {
    if (this.#analyser.context.state !== "running") return undefined;
    this.#analyser.getFloatTimeDomainData(this.#wave);
    return varies(this.#wave);
  }

  tones(): number[] {
    const spectrum = new Float32Array(this.#analyser.frequencyBinCount);
    this.#analyser.getFloatFrequencyData(spectrum);
    return peaks(spectrum, this.#analyser.context.sampleRate / fftSize);
  }

  close() {
    this.#source.disconnect();
    this.#insert?.out.disconnect();
  }
}

/** The RMS level of samples between -1 and 1, in dBFS. */
export function decibels(wave: Float32Array): number {
  let sum = 0;
  for (const sample of wave) sum += sample * sample;
  return levelOf(sum / wave.length);
}

/** Half a step of 16 bits: what differs by less is one value over and over. */
const step = 1 / 65_536;

export function varies(wave: Float32Array): boolean {
  const first = wave[0] ?? 0;
  return wave.some((sample) => Math.abs(sample - first) > step);
}

/**
 * The frequencies in hertz that stand out of a spectrum (dB a bin), the
 * strongest first: between 200 Hz and the telephone's 3400 Hz, above -70 dB,
 * within 30 dB of the strongest. Between bins by a parabola.
 */
export function peaks(spectrum: Float32Array, hertzPerBin: number): number[] {
  const from = Math.max(2, Math.ceil(200 / hertzPerBin));
  const to = Math.min(spectrum.length - 3, Math.floor(3400 / hertzPerBin));
  const at = (i: number) => spectrum[i] ?? Number.NEGATIVE_INFINITY;
  const found: { hertz: number; level: number }[] = [];
  for (let i = from; i <= to; i++) {
    const level = at(i);
    const top =
      level > -70 && level > at(i - 1) && level >= at(i + 1) && level > at(i - 2) && level > at(i + 2);
    if (!top) continue;
    const shift = (at(i - 1) - at(i + 1)) / (2 * (at(i - 1) - 2 * level + at(i + 1)));
    found.push({ hertz: Math.round((i + shift) * hertzPerBin), level });
  }
  found.sort((a, b) => b.level - a.level);
  const strongest = found[0]?.level ?? 0;
  return found.filter((p) => p.level > strongest - 30).map((p) => p.hertz);
}

/** It is only measured: no output is opened for it, where the browser can do without. */
const unheard = { sinkId: { type: "none" } } as AudioContextOptions;

/** The levels of both directions of the phone's call. */
export class Levels {
  #context: AudioContext | undefined;
  #mic: Tap | undefined;
  #callers: Tap | undefined;
  #insert: Insert | undefined;

  /** onWindow is told what was heard of the callers in each half second, where it is one alone. */
  attach(mic: MediaStream | undefined, callers: MediaStream | undefined, onWindow?: (one: Window) => void) {
    this.detach();
    this.#context ??= new AudioContext(unheard);
    this.#wake(this.#context);
    this.#mic = mic && new Tap(this.#context, mic);
    if (onWindow) {
      this.#insert ??= new Insert(this.#context, { tells: true });
      this.#insert.onWindow = onWindow;
    }
    this.#callers = callers && new Tap(this.#context, callers, onWindow && this.#insert);
  }

  detach() {
    this.#mic?.close();
    this.#callers?.close();
    this.#mic = undefined;
    this.#callers = undefined;
  }

  /** What the microphone sends, in dBFS. */
  mic = (): number => this.#mic?.level() ?? silence;

  /** Whether the microphone gives samples that differ; undefined when it cannot be told. */
  micAlive = (): boolean | undefined => this.#mic?.alive();

  /** What comes in from the line, in dBFS. */
  callers = (): number => this.#callers?.level() ?? silence;

  /** What stands out of what comes in, in hertz. */
  tones = (): number[] => this.#callers?.tones() ?? [];

  /** A browser may start sound only after a press somewhere on the page. */
  #wake(context: AudioContext) {
    const resume = () => {
      if (context.state === "suspended") void context.resume();
    };
    resume();
    for (const press of ["pointerdown", "keydown"]) addEventListener(press, resume, { once: true });
  }
}
