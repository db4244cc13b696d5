/**
 * What each lane hears and what goes out: the page mixes them from the microphone and the lanes, so that each
 * caller hears all but themselves.
 */
import type { AudioProcessor } from "@twilio/voice-sdk";
import { gainOf } from "./decibels";
import { Insert } from "./insert";
import { type LaneSound, plain } from "./lanesound";
import { asked, type Profile } from "./microphone";
import { toneIn } from "./tone";

/** What a fader is at its lower end: nothing is heard. */
export const closed = -60;
/** The most that a fader adds, in dB. */
export const top = 10;

const faded = (decibels: number): number => (decibels <= closed ? 0 : gainOf(decibels));

/** How long a fader takes to come to where it was put, in s: at once would crackle. */
const glide = 0.02;

/**
 * How long an output that was lost is not used again, in ms. Chromium keeps the stream of before for 5 s to use it once
 * more, and that one then plays through the computer's choice.
 */
const settling = 7_000;

/** A device that is chosen for a lane: its id while it is there, null while it is not; undefined where none is chosen. */
export type Chosen = string | null | undefined;

/** What Chromium's contexts can, and TypeScript does not know yet. */
interface Routed extends AudioContext {
  setSinkId(to: string): Promise<void>;
}

/**
 * An output of a lane's own. Each context of a page plays through one output, so this is a context too, and has an
 * insert of its own: handed on from one context to another a sound is late by 35 ms and more.
 */
class Output {
  readonly #context = new AudioContext({ latencyHint: "interactive" }) as Routed;
  readonly insert = new Insert(this.#context, { tells: false });
  readonly #fader: GainNode;
  #source: MediaStreamAudioSourceNode | undefined;

  /** onLost is told when its device goes. */
  constructor(level: number, onLost: () => void) {
    this.#fader = new GainNode(this.#context, { gain: level });
    this.insert.out.connect(this.#fader);
    (this.#context as EventTarget).addEventListener("error", onLost);
  }

  /** Until then nothing is heard of it. */
  async playThrough(device: string) {
    void this.#context.resume().catch(() => {}); // where it waits for a press, the mix does too
    await this.#context.setSinkId(device);
    this.#fader.connect(this.#context.destination);
  }

  /** Plays a tone, whatever the fader says, until it is ended. */
  tone(): Sounding {
    const tone = toneIn(this.#context);
    tone.out.connect(this.#context.destination);
    return tone;
  }

  hear(stream: MediaStream | undefined) {
    this.#source?.disconnect();
    this.#source = stream && this.#context.createMediaStreamSource(stream);
    this.#source?.connect(this.insert.in);
  }

  fade(level: number) {
    this.#fader.gain.setTargetAtTime(level, this.#context.currentTime, glide);
  }

  end() {
    void this.#context.close();
  }
}

/** One lane in the mix. */
class Strip {
  /** What its caller says, before the fader. */
  readonly says: GainNode;
  readonly insert: Insert;
  readonly fader: GainNode;
  /** What its caller hears. */
  readonly return: MediaStreamAudioDestinationNode;
  /** All that comes into it: closed while devices are tried. */
  readonly sends: GainNode;
  /** The part of it that the page mixes, silent while the lane has a return of its own. */
  readonly mixed: GainNode;
  /** The lane as it is heard on this computer's chosen output, silent while it has one of its own. */
  readonly #here: GainNode;
  #stream: MediaStream | undefined;
  #source: MediaStreamAudioSourceNode | undefined;
  /** Chromium gives a remote stream's sound to nobody unless an element plays it. */
  readonly #plays = new Audio();
  #output: Output | undefined;
  /** What it plays through now. */
  #device: Chosen;
  #level = 1;
  #sound = plain;
  #host: MediaStream | undefined;
  readonly #onLost: (device: string) => void;

  constructor(context: AudioContext, onLost: (device: string) => void) {
    this.#onLost = onLost;
    this.says = new GainNode(context);
    this.insert = new Insert(context, { tells: true });
    this.fader = new GainNode(context);
    this.insert.out.connect(this.fader);
    this.return = new MediaStreamAudioDestinationNode(context, { channelCount: 1 });
    this.sends = new GainNode(context);
    this.mixed = new GainNode(context);
    this.mixed.connect(this.sends).connect(this.return);
    this.#here = new GainNode(context);
    this.fader.connect(this.#here).connect(context.destination);
    this.#plays.muted = true;
  }

  hear(context: AudioContext, stream: MediaStream | undefined) {
    this.#stream = stream;
    this.#source?.disconnect();
    this.#source = stream && context.createMediaStreamSource(stream);
    this.#source?.connect(this.says);
    this.#source?.connect(this.insert.in);
    this.#output?.hear(stream);
    this.#plays.srcObject = stream ?? null;
    if (stream) void this.#plays.play().catch(() => {}); // it waits for a press; the context does too
  }

  fade(context: AudioContext, level: number) {
    this.#level = level;
    this.fader.gain.setTargetAtTime(level, context.currentTime, glide);
    this.#output?.fade(level);
  }

  shape(sound: LaneSound) {
    this.#sound = sound;
    for (const insert of this.#inserts) insert.set(sound);
  }

  /** Another caller is on the lane. */
  another() {
    for (const insert of this.#inserts) insert.another();
  }

  hearHost(stream: MediaStream | undefined) {
    this.#host = stream;
    for (const insert of this.#inserts) insert.hearHost(stream);
  }

  get #inserts(): Insert[] {
    return this.#output ? [this.insert, this.#output.insert] : [this.insert];
  }

  /**
   * Plays through a device; while that is not there, through none: nobody's sound may come out elsewhere. A context
   * whose device was unplugged stays silent for good, so each time it is a new one.
   */
  async play(device: Chosen) {
    if (device === this.#device) return;
    if (device === null && this.#device) this.#onLost(this.#device);
    this.end();
    this.#here.gain.value = device === undefined ? 1 : 0;
    const output = device
      ? new Output(this.#level, () => this.#output === output && this.#lose(device))
      : undefined;
    this.#output = output;
    output?.hear(this.#stream);
    output?.insert.set(this.#sound);
    output?.insert.hearHost(this.#host);
    if (device) await output?.playThrough(device);
    if (this.#output === output) this.#device = device; // else it was told otherwise meanwhile
  }

  /** Its device went, and may be there again before anybody has looked. */
  #lose(device: string) {
    this.#onLost(device);
    this.end();
    this.#device = null;
  }

  /** Plays a tone where the lane plays; undefined if that is nowhere. */
  tone(context: AudioContext): Sounding | undefined {
    if (this.#output || this.#device === null) return this.#output?.tone();
    const tone = toneIn(context);
    tone.out.connect(context.destination);
    return tone;
  }

  end() {
    this.#output?.end();
    this.#output = undefined;
  }
}

/** A tone that sounds until it is ended. */
type Sounding = Pick<ReturnType<typeof toneIn>, "end">;

const opens = (audio: MediaTrackConstraints) => navigator.mediaDevices.getUserMedia({ audio });

const end = (stream: MediaStream) => {
  for (const track of stream.getTracks()) track.stop();
};

/** What a device hears, and where it comes into the mix. */
interface Source {
  stream: MediaStream;
  node: MediaStreamAudioSourceNode;
}

/** Hears what a device gives. */
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

/** Where isolated tracks are taken from. */
export interface Taps {
  context: AudioContext;
  /** The host's first. */
  tracks: AudioNode[];
  /** Whether the page has a microphone. */
  host: boolean;
}

/** The mix of a studio with several lanes. */
export class Mix {
  readonly #context = new AudioContext({ latencyHint: "interactive" });
  readonly #strips: Strip[];
  /** What goes out: all lanes. */
  readonly #out = new MediaStreamAudioDestinationNode(this.#context);
  /** The microphone, while a lane's return is mixed here. */
  #microphone: Source | undefined;
  /** The microphone as it is sent, for who records it. */
  readonly #host = new GainNode(this.#context);
  /** The lanes' returns of their own: what a console sends to each caller. */
  #returns: (Source | undefined)[] = [];
  #chosen: Chosen[] = [];
  /** When which output was lost. */
  readonly #lost = new Map<string, number>();
  /** Whether devices are open, or about to be. */
  #opens = false;
  #opening: Promise<void> | undefined;
  #muted = false;
  /** Counts what opens and closes devices: what comes of an earlier one is let go. */
  #turn = 0;
  readonly #profile: () => Profile;
  readonly #devices: () => Promise<void>;

  /** devices says which ones are chosen, by hear and play, before anything is opened. */
  constructor(lanes: number, profile: () => Profile, devices: () => Promise<void>) {
    this.#profile = profile;
    this.#devices = devices;
    const onLost = (device: string) => this.#lost.set(device, performance.now());
    this.#strips = Array.from({ length: lanes }, () => new Strip(this.#context, onLost));
    for (const strip of this.#strips) {
      strip.fader.connect(this.#out);
      for (const other of this.#strips) if (other !== strip) strip.fader.connect(other.mixed);
    }
    const resume = () => void this.#context.resume().catch(() => {});
    for (const press of ["pointerdown", "keydown"]) addEventListener(press, resume, { once: true });
  }

  /** All callers as they are heard. */
  get programme(): MediaStream {
    return this.#out.stream;
  }

  /** The microphone as it is opened; where a console has it, what that sends to the first caller. */
  get track(): MediaStreamTrack | undefined {
    const from = this.#microphone ?? this.#returns.find((source) => source);
    return from?.stream.getAudioTracks()[0];
  }

  /** What the browser is to do to that. */
  get profile(): Profile {
    return this.#microphone ? this.#profile() : "console";
  }

  /** What a lane's caller hears, for a Device, which stops the tracks that it was given. */
  async returnOf(lane: number): Promise<MediaStream> {
    this.#opening ??= this.#devices().then(() => this.open());
    try {
      await this.#opening;
    } catch (error) {
      this.#opening = undefined; // the next call may find it plugged in
      throw error;
    }
    await this.#context.resume();
    return this.#strip(lane).return.stream.clone();
  }

  /** Opens what the callers hear, the microphone as the profile asks and the returns as they are; anew if it is open. */
  async open() {
    const turn = ++this.#turn;
    this.#opens = true;
    const chosen = this.#strips.map((_, lane) => this.#chosen[lane]);
    // Where no return is there yet either, the browser is to ask whether it may have one.
    const mixes = chosen.includes(undefined) || !chosen.some((device) => device);
    const opened = await Promise.allSettled([
      mixes ? opens(asked(this.#profile())) : undefined,
      ...chosen.map((device) =>
        device ? opens({ ...asked("console"), deviceId: { exact: device } }) : undefined,
      ),
    ]);
    const [microphone, ...returns] = opened.map((one) =>
      one.status === "fulfilled" ? one.value : undefined,
    );
    const failed = opened.find((one) => one.status === "rejected");
    // One return that cannot be had is silent, and told; with nothing at all there is no call.
    const lost = failed && !(mixes ? microphone : returns.some((stream) => stream));
    if (turn !== this.#turn || lost) {
      for (const stream of [microphone, ...returns]) if (stream) end(stream);
      if (turn === this.#turn) throw failed?.reason;
      return;
    }
    this.#stop();
    this.#microphone = this.#source(microphone);
    this.#microphone?.node.connect(this.#host);
    this.#returns = returns.map((stream) => this.#source(stream));
    for (const [lane, strip] of this.#strips.entries()) {
      strip.mixed.gain.value = chosen[lane] === undefined ? 1 : 0;
      this.#microphone?.node.connect(strip.mixed);
      strip.hearHost(microphone);
      this.#returns[lane]?.node.connect(strip.sends);
    }
    this.mute(this.#muted);
  }

  #source(stream: MediaStream | undefined): Source | undefined {
    return stream && { stream, node: this.#context.createMediaStreamSource(stream) };
  }

  /** Closes them, as no lane is on the line any more. */
  close() {
    this.#turn++;
    this.#opens = false;
    this.#stop();
    this.#opening = undefined;
  }

  /** Ends it for good: the studio has other lanes. */
  end() {
    this.close();
    for (const strip of this.#strips) strip.end();
    void this.#context.close();
  }

  #stop() {
    for (const source of [this.#microphone, ...this.#returns]) {
      source?.node.disconnect();
      if (source) end(source.stream);
    }
    for (const strip of this.#strips) strip.hearHost(undefined);
    this.#microphone = undefined;
    this.#returns = [];
  }

  mute(on: boolean) {
    this.#muted = on;
    for (const source of [this.#microphone, ...this.#returns])
      for (const track of source?.stream.getAudioTracks() ?? []) track.enabled = !on;
  }

  /** What can be recorded of it, by the clock of one context: the microphone and what each caller says. */
  get taps(): Taps {
    const tracks = [this.#host, ...this.#strips.map((strip) => strip.says)];
    return { context: this.#context, tracks, host: this.#microphone !== undefined };
  }

  /** Puts a lane's fader, in dB. */
  fade(lane: number, decibels: number) {
    this.#strip(lane).fade(this.#context, faded(decibels));
  }

  /** What is to be done to a lane's sound before its fader. */
  shape(lane: number, sound: LaneSound) {
    this.#strip(lane).shape(sound);
  }

  /** Another caller is on a lane than before. */
  another(lane: number) {
    this.#strip(lane).another();
  }

  /** What is measured of a lane. */
  insert = (lane: number): Insert | undefined => this.#strips[lane]?.insert;

  /** Whether an output that was lost is there again, and not to be used yet. */
  settles = (device: string): boolean =>
    performance.now() - (this.#lost.get(device) ?? Number.NEGATIVE_INFINITY) < settling;

  /** Has a lane play through a device of its own. */
  play = (lane: number, device: Chosen): Promise<void> => this.#strip(lane).play(device);

  /** Has the lanes' callers hear devices of their own, and not the mix. Reports whether that is anything new. */
  async hear(devices: Chosen[]): Promise<boolean> {
    if (this.#strips.every((_, lane) => this.#chosen[lane] === devices[lane])) return false;
    this.#chosen = devices;
    if (this.#opens) await this.open();
    return true;
  }

  /** The lanes whose return is there and could not be opened. */
  get refused(): number[] {
    return [...this.#strips.keys()].filter(
      (lane) => this.#opens && this.#chosen[lane] && !this.#returns[lane],
    );
  }

  /** Keeps from the callers what comes in, as devices are tried. */
  shut(on: boolean) {
    for (const strip of this.#strips) strip.sends.gain.value = on ? 0 : 1;
  }

  /** Plays a tone where a lane plays; undefined if that is nowhere. */
  tone = (lane: number): Sounding | undefined => this.#strip(lane).tone(this.#context);

  /** What comes in: by the lanes' returns, in their order, and last by the microphone; undefined where nothing is open. */
  ears(): (Ear | undefined)[] {
    return [...this.#strips.map((_, lane) => this.#returns[lane]), this.#microphone].map(
      (source) => source && new Ear(this.#context, source.node),
    );
  }

  /** Takes a lane's sound out of the SDK's hands: all elements of a page play through one output. */
  processor(lane: number): AudioProcessor {
    const silence = new MediaStreamAudioDestinationNode(this.#context, { channelCount: 1 });
    return {
      createProcessedStream: async (stream) => {
        this.#strip(lane).hear(this.#context, stream);
        return silence.stream;
      },
      destroyProcessedStream: async () => this.#strip(lane).hear(this.#context, undefined),
    };
  }

  #strip(lane: number): Strip {
    const strip = this.#strips[lane];
    if (!strip) throw new Error(`no lane ${lane}`);
    return strip;
  }
}
