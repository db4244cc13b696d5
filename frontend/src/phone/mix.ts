/**
 * What each lane hears and what goes out: the page mixes them from the microphone and the lanes, so that each
 * caller hears all but themselves.
 */
import type { AudioProcessor } from "@twilio/voice-sdk";
import { kept } from "../parts/kept.svelte";
import type { BothWays } from "./bothways";
import { Ear } from "./ear";
import type { Insert } from "./insert";
import type { LaneSound } from "./lanesound";
import { Limiter } from "./limiter";
import { asked, type Profile } from "./microphone";
import { type Chosen, type Sounding, Strip } from "./strip";
import { TalkIn } from "./talkin";

/**
 * How long an output that was lost is not used again, in ms. Chromium keeps the stream of before for 5 s to use it once
 * more, and that one then plays through the computer's choice.
 */
const settling = 7_000;

const opens = (audio: MediaTrackConstraints) => navigator.mediaDevices.getUserMedia({ audio });

const end = (stream: MediaStream) => {
  for (const track of stream.getTracks()) track.stop();
};

/** What a device hears, and where it comes into the mix. */
interface Source {
  stream: MediaStream;
  node: MediaStreamAudioSourceNode;
}

/** Whose call the mix carries: a lane's, by its number from 0, or the one by which desks talk to the host alone. */
export type Leg = number | "talkback";

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
  /** What is on air as far as the page has it, for who talks to the host; undefined until somebody can. */
  #air: MediaStreamAudioDestinationNode | undefined;
  readonly #talkIn: TalkIn;
  /** The lanes' returns of their own: what a console sends to each caller. */
  #returns: (Source | undefined)[] = [];
  #chosen: Chosen[] = [];
  /** What is for the host's ears alone, and the lane that they listen to. */
  #cue: Chosen;
  #listened: number | undefined;
  /** When which output was lost. */
  readonly #lost = new Map<string, number>();
  /** Which ones were, for the pages that come after a reload, too. */
  readonly #everLost = kept<string[]>("callin.lostOutputs", [], sessionStorage);
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
    const onLost = (device: string) => {
      this.#lost.set(device, performance.now());
      if (!this.wasLost(device)) this.#everLost.value = [...this.#everLost.value, device];
    };
    this.#talkIn = new TalkIn(onLost);
    const limiter = new Limiter(this.#context, lanes);
    limiter.here.out.connect(this.#context.destination);
    this.#strips = limiter.lanes.map((sum) => new Strip(this.#context, sum, limiter.here.in, onLost));
    for (const strip of this.#strips) {
      strip.fader.connect(this.#out);
      for (const other of this.#strips) if (other !== strip) strip.toOthers.connect(other.mixed);
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

  /** What a lane's caller hears, or who talks to the host, for a Device, which stops the tracks that it was given. */
  async returnOf(leg: Leg): Promise<MediaStream> {
    this.#opening ??= this.#devices().then(() => this.open());
    try {
      await this.#opening;
    } catch (error) {
      this.#opening = undefined; // the next call may find it plugged in
      throw error;
    }
    await this.#context.resume();
    return (leg === "talkback" ? this.#onAir() : this.#strip(leg).return).stream.clone();
  }

  #onAir(): MediaStreamAudioDestinationNode {
    if (this.#air) return this.#air;
    const air = new MediaStreamAudioDestinationNode(this.#context, { channelCount: 1 });
    this.#host.connect(air);
    for (const strip of this.#strips) strip.fader.connect(air);
    this.#air = air;
    return air;
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
    this.#talkIn.end();
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

  /** Puts a lane's fader, and how loud the other callers hear it; both in dB. */
  fade(lane: number, decibels: number, others: number) {
    this.#strip(lane).fade(this.#context, decibels, others);
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

  /** What comes from a lane, and what is sent to it. */
  ways = (lane: number): BothWays | undefined => this.#strips[lane]?.ways;

  /** Whether an output that was lost is there again, and not to be used yet. */
  settles = (device: string): boolean =>
    performance.now() - (this.#lost.get(device) ?? Number.NEGATIVE_INFINITY) < settling;

  /** Whether an output was lost since this tab was opened. */
  wasLost = (device: string): boolean => this.#everLost.value.includes(device);

  /** Has a lane play through a device of its own. */
  play = (lane: number, device: Chosen): Promise<void> => this.#strip(lane).play(device);

  /** Has a lane be listened to before its fader, or none. */
  async listenTo(lane: number | undefined) {
    const before = this.#listened;
    this.#listened = lane;
    if (before !== undefined && before !== lane) await this.#strips[before]?.cue(undefined);
    if (lane !== undefined) await this.#strips[lane]?.cue(this.#cue);
  }

  /** Has that one, and who talks to the host alone, be heard through a device. */
  async cueThrough(device: Chosen) {
    this.#cue = device;
    await Promise.all([this.listenTo(this.#listened), this.#talkIn.play(device)]);
  }

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

  /** Takes a call's sound out of the SDK's hands: all elements of a page play through one output. */
  processor(leg: Leg): AudioProcessor {
    const silence = new MediaStreamAudioDestinationNode(this.#context, { channelCount: 1 });
    const hear = async (stream: MediaStream | undefined) => {
      if (leg === "talkback")
        await this.#talkIn.hear(stream).catch(() => {}); // it is said of the cue's device
      else this.#strip(leg).hear(this.#context, stream);
    };
    return {
      createProcessedStream: async (stream) => {
        await hear(stream);
        return silence.stream;
      },
      destroyProcessedStream: () => hear(undefined),
    };
  }

  #strip(lane: number): Strip {
    const strip = this.#strips[lane];
    if (!strip) throw new Error(`no lane ${lane}`);
    return strip;
  }
}
