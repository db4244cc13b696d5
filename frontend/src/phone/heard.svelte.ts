import type { Sound } from "../backend/contract";
import { Levels } from "./levels";
import { type Line, LineJudge } from "./line";
import { asAsked, type Profile, type Treated, treated } from "./microphone";
import { Listening } from "./output.svelte";
import { Judge, type Look, type SoundTrouble } from "./sound";
import { watchSound } from "./watch";

/** The pause before the microphone is opened anew once more, in ms. */
const reopenPause = 3_000;

/** The call that is heard, and what can be done about it. */
export interface Hearable {
  /** Whether the call is to send silence. */
  muted(): boolean;
  mute(on: boolean): void;
  profile(): Profile;
  /** What comes in. */
  callers(): MediaStream | undefined;
  /** Whether that is one caller alone. */
  isOne(): boolean;
  /** Whether the microphone is judged by this call; of a lane behind the first one only what passes is. */
  hasMicrophone(): boolean;
  /** The microphone that is mixed into what is sent; undefined where it is sent itself. */
  microphone(): MediaStreamTrack | undefined;
  /** Opens the microphone anew. */
  reopen(): Promise<void>;
  /** Is told after each look, and whenever the mute has been read off the track. */
  onLook(): void;
}

/** What is heard of the phone's call: from its packets, samples and its own track. */
export class Heard {
  /** Sound passes both ways. */
  flows = $state(false);
  trouble = $state<SoundTrouble>();
  /** The call sends silence because its own track is muted, whatever was wished. */
  silenced = $state(false);
  /** What the browser says it does to the microphone that is sent. */
  treated = $state.raw<Treated>();
  /** Whether that is not what the profile asks for. */
  mistreated = $state(false);
  /** The name of the microphone, when it is another than before and nobody has said that it is right. */
  changedTo = $state<string>();
  /** The line of the one caller who is heard; undefined where they are more than one, together. */
  line = $state<Line>();
  #lineJudge = new LineJudge();
  readonly levels = new Levels();
  readonly listening = new Listening();
  readonly #call: Hearable;
  #unwatch: (() => void) | undefined;
  #track: MediaStreamTrack | undefined;
  #reopenedAt = 0;
  /** The microphone that somebody has begun with or said to be right. */
  #right: string | undefined;

  constructor(call: Hearable) {
    this.#call = call;
    navigator.mediaDevices?.addEventListener("devicechange", () => {
      this.#reopenedAt = 0;
    });
  }

  begin(peer: RTCPeerConnection) {
    this.#unwatch?.();
    if (this.#call.hasMicrophone()) this.listening.begin();
    const judge = new Judge();
    this.#unwatch = watchSound(
      peer,
      this.levels.micAlive,
      () => this.#call.microphone(),
      (look, track) => this.#looked(judge, look, track),
    );
  }

  end() {
    this.#unwatch?.();
    this.#unwatch = undefined;
    this.listening.end();
    this.levels.detach();
    this.line = undefined;
    this.#track = undefined;
    this.flows = false;
    this.trouble = undefined;
    this.silenced = false;
    this.treated = undefined;
    this.mistreated = false;
  }

  /** Another caller is heard than before. */
  another() {
    this.#lineJudge = new LineJudge();
    if (this.line) this.line = "listening";
  }

  /** What the station is told of it. */
  get sound(): Sound {
    return this.trouble ?? (this.flows ? "flows" : "waits");
  }

  /** The microphone that is used now is the right one. */
  accept() {
    this.#right = this.#track && deviceOf(this.#track);
    this.changedTo = undefined;
  }

  /** Another microphone was chosen by hand: whichever comes now is the right one. */
  chosen() {
    this.#right = undefined;
    this.changedTo = undefined;
  }

  /** Reads off the track whether it is muted. */
  readMute() {
    this.silenced = this.#track?.enabled === false;
    this.#call.onLook();
  }

  #looked(judge: Judge, look: Look, track: MediaStreamTrack | undefined) {
    const judged = this.#call.hasMicrophone();
    judge.look(judged ? look : { ...look, ended: false, muted: false, alive: undefined });
    this.flows = judge.flows;
    this.trouble = judge.trouble;
    if (!judged) return this.#call.onLook();
    if (track !== this.#track) {
      this.#track = track;
      const one = this.#call.isOne();
      this.line = one ? "listening" : undefined;
      this.levels.attach(
        track && new MediaStream([track]),
        this.#call.callers(),
        one
          ? (window) => {
              this.line = this.#lineJudge.window(window);
            }
          : undefined,
      );
    }
    if (track) this.#compareDevice(track);
    // A microphone that was opened anew is muted as the one before it.
    if (track && track.enabled === this.#call.muted()) this.#call.mute(this.#call.muted());
    this.readMute();
    this.#readTreatment(track);
    if (this.trouble === "unplugged" || this.mistreated) this.#reopen();
  }

  /** A microphone that is unplugged may be replaced by any other that there is: that is said. */
  #compareDevice(track: MediaStreamTrack) {
    const device = deviceOf(track);
    this.#right ??= device;
    this.changedTo = device === this.#right ? undefined : track.label;
  }

  #readTreatment(track: MediaStreamTrack | undefined) {
    if (track?.readyState !== "live") return;
    const is = treated(track.getSettings());
    // What has just changed is judged at the next look: it may be changing still.
    const steady = JSON.stringify(is) === JSON.stringify(this.treated);
    this.treated = is;
    if (steady) this.mistreated = !asAsked(is, this.#call.profile());
  }

  #reopen() {
    if (performance.now() - this.#reopenedAt < reopenPause) return;
    this.#reopenedAt = performance.now();
    void this.#call.reopen();
  }
}

/** What tells one microphone from another: several names lead to the one that is the computer's choice. */
const deviceOf = (track: MediaStreamTrack): string => track.getSettings().groupId || track.label;
