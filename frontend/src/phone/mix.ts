/**
 * What each lane hears and what goes out: the page mixes them from the microphone and the lanes, so that each
 * caller hears all but themselves.
 */
import type { AudioProcessor } from "@twilio/voice-sdk";
import { asked, type Profile } from "./microphone";

/** What a fader is at its lower end: nothing is heard. */
export const closed = -60;
/** The most that a fader adds, in dB. */
export const top = 10;

const gainOf = (decibels: number): number => (decibels <= closed ? 0 : 10 ** (decibels / 20));

/** How long a fader takes to come to where it was put, in s: at once would crackle. */
const glide = 0.02;

/** One lane in the mix. */
class Strip {
  readonly fader: GainNode;
  /** What its caller hears. */
  readonly return: MediaStreamAudioDestinationNode;
  #source: MediaStreamAudioSourceNode | undefined;
  /** Chromium gives a remote stream's sound to nobody unless an element plays it. */
  readonly #plays = new Audio();

  constructor(context: AudioContext) {
    this.fader = new GainNode(context);
    this.return = new MediaStreamAudioDestinationNode(context, { channelCount: 1 });
    this.#plays.muted = true;
  }

  hear(context: AudioContext, stream: MediaStream | undefined) {
    this.#source?.disconnect();
    this.#source = stream && context.createMediaStreamSource(stream);
    this.#source?.connect(this.fader);
    this.#plays.srcObject = stream ?? null;
    if (stream) void this.#plays.play().catch(() => {}); // it waits for a press; the context does too
  }
}

const end = (stream: MediaStream) => {
  for (const track of stream.getTracks()) track.stop();
};

/** The mix of a studio with several lanes. */
export class Mix {
  readonly #context = new AudioContext({ latencyHint: "interactive" });
  readonly #strips: Strip[];
  /** What goes out: all lanes. */
  readonly #out = new MediaStreamAudioDestinationNode(this.#context);
  #microphone: MediaStream | undefined;
  #voice: MediaStreamAudioSourceNode | undefined;
  #opening: Promise<void> | undefined;
  #muted = false;
  /** Counts what opens and closes the microphone: what comes of an earlier one is let go. */
  #turn = 0;
  readonly #profile: () => Profile;

  constructor(lanes: number, profile: () => Profile) {
    this.#profile = profile;
    this.#strips = Array.from({ length: lanes }, () => new Strip(this.#context));
    for (const strip of this.#strips) {
      strip.fader.connect(this.#context.destination);
      strip.fader.connect(this.#out);
      for (const other of this.#strips) if (other !== strip) strip.fader.connect(other.return);
    }
    const resume = () => void this.#context.resume().catch(() => {});
    for (const press of ["pointerdown", "keydown"]) addEventListener(press, resume, { once: true });
  }

  /** All callers as they are heard. */
  get programme(): MediaStream {
    return this.#out.stream;
  }

  /** The microphone as it is opened. */
  get track(): MediaStreamTrack | undefined {
    return this.#microphone?.getAudioTracks()[0];
  }

  /** What a lane's caller hears, for a Device, which stops the tracks that it was given. */
  async returnOf(lane: number): Promise<MediaStream> {
    this.#opening ??= this.open();
    try {
      await this.#opening;
    } catch (error) {
      this.#opening = undefined; // the next call may find it plugged in
      throw error;
    }
    await this.#context.resume();
    return this.#strip(lane).return.stream.clone();
  }

  /** Opens the microphone, as the profile asks; anew if it is open. */
  async open() {
    const turn = ++this.#turn;
    const stream = await navigator.mediaDevices.getUserMedia({ audio: asked(this.#profile()) });
    if (turn !== this.#turn) return end(stream);
    this.#stop();
    this.#microphone = stream;
    this.#voice = this.#context.createMediaStreamSource(stream);
    for (const strip of this.#strips) this.#voice.connect(strip.return);
    this.mute(this.#muted);
  }

  /** Closes it, as no lane is on the line any more. */
  close() {
    this.#turn++;
    this.#stop();
    this.#opening = undefined;
  }

  /** Ends it for good: the studio has other lanes. */
  end() {
    this.close();
    void this.#context.close();
  }

  #stop() {
    this.#voice?.disconnect();
    if (this.#microphone) end(this.#microphone);
    this.#microphone = undefined;
  }

  mute(on: boolean) {
    this.#muted = on;
    if (this.track) this.track.enabled = !on;
  }

  /** Puts a lane's fader, in dB. */
  fade(lane: number, decibels: number) {
    this.#strip(lane).fader.gain.setTargetAtTime(gainOf(decibels), this.#context.currentTime, glide);
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
