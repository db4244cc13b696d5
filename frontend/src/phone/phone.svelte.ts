import type { Call, Device } from "@twilio/voice-sdk";
import type { Backend } from "../backend/backend";
import type { Lines, PhonePass } from "../backend/contract";
import { type Kept, kept } from "../parts/kept.svelte";
import type { Mixed, Way } from "./device";
import {
  connectTrouble,
  endedByLine,
  lost,
  mendsItself,
  moved,
  type PhoneTrouble,
  phoneTrouble,
  slow,
  Troubles,
  taken,
  unsupported,
} from "./errors";
import { Heard } from "./heard.svelte";
import { type Link, LinkJudge, type Sample } from "./link";
import type { Profile } from "./microphone";
import { Pauses } from "./pauses";

/**
 * on: the call stands; heard says what is heard of it. connecting lasts until
 * then: the SDK's accept says only that the signalling agreed.
 */
export type PhoneState = "unsupported" | "off" | "connecting" | "on" | "reconnecting";

/** How long connecting may take before it is begun again, in ms. */
const patience = 15_000;
/** How long the SDK may seek a call that Twilio no longer keeps, in ms. */
const seekMargin = 5_000;
/** The pause before an expiring token is asked for again, in ms. */
const renewPause = 2_000;
/** How long Callin may take to hear that the phone is let go of, in ms. */
const tellPatience = 500;

/** What the phone must know of the desk that it belongs to. */
export interface Surroundings {
  /** The CallSid of the phone that is on the line, whosever it is; of none there, of the desk's phone on another one. */
  onLine(): string | undefined;
  /** Is told after each look at what is heard of the call, and when that was changed by hand. */
  onHeard(): void;
  /** Is told when only a new page can connect the phone. */
  onMoved(): void;
  /** The call of a mix that the next one is. */
  mixed?(): (Mixed & { line: string }) | undefined;
  /** Resolves when the token of a lane's call may be renewed. */
  turn?(): Promise<void>;
  /** What tells what is kept of a further lane's phone from the first one's. */
  suffix?: string;
}

/**
 * The desk's softphone: at most one call, to one of its lines, or one of the lanes of a studio that has several.
 * To the air and off air at once they would share this computer's sound output, by which a console goes to air.
 */
export class Phone {
  state = $state<PhoneState>("off");
  trouble = $state.raw<PhoneTrouble>();
  /** Whether the call is, or would be, in direct mode. */
  direct = $state(false);
  /** Whether the call is in reserve: on a lane that another phone has, without hearing or being heard. */
  reserve = $state(false);
  /** The line that the call is on, or would be: the studio's, which goes to air, or the desk's own. */
  line = $state<keyof Lines>("air");
  readonly heard = new Heard({
    muted: () => this.#silent,
    mute: () => this.#mute(),
    profile: () => this.#mixed?.mix.profile ?? this.profile.value,
    callers: () => this.#mixed?.mix.programme ?? this.#call?.getRemoteStream(),
    isOne: () => this.line === "own",
    hasMicrophone: () => this.#hasMicrophone,
    microphone: () => this.#mixed?.mix.track,
    reopen: () => this.#reopen(),
    onLook: () => this.#around.onHeard(),
  });
  /** How good the connection is that the call has; undefined while nothing is known. */
  link = $state.raw<Link>();
  readonly profile = kept<Profile>("callin.profile", "headset");
  readonly #muted = kept("callin.muted", false);
  /** Whether somebody hung the phone up: then a reload leaves it so. */
  readonly #hungUp: Kept<boolean>;
  /** The CallSid of this tab's phone, for the page that comes after a reload. */
  readonly #had: Kept<string>;
  /** The call of a mix that this one is; in a studio with one lane there is none. */
  #mixed = $state.raw<Mixed>();

  /** Whether the call, or the last one, goes by the devices that are chosen for lanes. */
  get isMixed(): boolean {
    return this.#mixed !== undefined;
  }

  /** Tries the way to Twilio by a call that is on no line. */
  async tryWay(): Promise<Way> {
    const [sdk, pass] = await Promise.all([import("./device"), this.#backend.operate("phoneCheck", {})]);
    return sdk.tryWay(pass, this.#backend.signal);
  }

  readonly #backend: Backend;
  readonly #around: Surroundings;
  #sdk: typeof import("./device") | undefined;
  #device: Device | undefined;
  /** The rehearsal's signalling that the device uses. */
  #signal: string | undefined;
  #call: Call | undefined;
  /** The CallSids of this tab's calls. */
  #legs = $state.raw<string[]>([]);
  #hushed = false;
  #failure: PhoneTrouble | undefined;
  /** The SDK seeks the call. */
  #seeking = false;
  #stoodAt = 0;
  readonly #pauses = new Pauses();
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** Whether a new call waits for its pause to end. */
  #waits = false;
  readonly #troubles = new Troubles();
  /** Counts the calls begun, so that what is left of an earlier one is ignored. */
  #attempt = 0;

  constructor(backend: Backend, around: Surroundings) {
    this.#backend = backend;
    this.#around = around;
    this.#hungUp = kept(`callin.hungUp${around.suffix ?? ""}`, false, sessionStorage);
    this.#had = kept(`callin.had${around.suffix ?? ""}`, "", sessionStorage);
    if (typeof RTCPeerConnection === "undefined" || !navigator.mediaDevices) {
      this.state = "unsupported";
      this.trouble = unsupported;
      return;
    }
    // Written when a page goes and taken when one comes: a tab that is a copy of
    // one that lives has none.
    if (this.#had.value) this.#legs = [this.#had.value];
    this.#had.value = "";
    addEventListener("pagehide", () => {
      this.#had.value = this.#legs.at(-1) ?? "";
    });
    addEventListener("online", () => this.#tryNow());
    navigator.mediaDevices.addEventListener("devicechange", () => {
      if (this.trouble?.code === 31402) this.#tryNow();
    });
  }

  /** Whether the microphone is, or would be, muted. */
  get muted(): boolean {
    return this.#muted.value;
  }

  /** The CallSid of the call that heard is about; undefined while none stands. */
  get leg(): string | undefined {
    const stands = this.state === "on" || this.state === "reconnecting";
    return stands ? this.#call?.parameters.CallSid : undefined;
  }

  isMine = (leg: string): boolean => this.#legs.includes(leg);

  /**
   * Connects without being asked where the microphone is allowed already and no
   * other phone has the line.
   */
  async connectIfAllowed(reserve = false) {
    if (this.state !== "off" || this.#hungUp.value) return;
    try {
      const allowed = await navigator.permissions.query({ name: "microphone" as PermissionName });
      const connect = () => {
        const blocked = !this.trouble || this.trouble.code === 31401;
        const may = this.state === "off" && blocked && !this.#hungUp.value;
        const free = may && (reserve || !this.#othersHaveIt());
        return allowed.state === "granted" && free
          ? this.connect(this.line, this.direct, reserve)
          : undefined;
      };
      allowed.addEventListener("change", () => void connect());
      await connect();
    } catch {
      // A browser that cannot be asked waits for the press.
    }
  }

  /** Begins the call; state tells how it goes. */
  async connect(line = this.line, direct = this.direct, reserve = false) {
    if (this.state === "unsupported") return;
    await this.#tellLetGo();
    this.#hungUp.value = false;
    this.line = line;
    this.direct = direct;
    this.reserve = reserve;
    this.#pauses.beginAnew();
    this.#troubles.beginAnew();
    this.trouble = undefined;
    await this.#begin();
  }

  async disconnect() {
    if (this.state === "unsupported") return;
    this.#hungUp.value = true;
    await this.#tellLetGo();
    this.#letGo();
    this.trouble = undefined;
    this.state = "off";
  }

  /**
   * Callin answers again. A rehearsal that was started anew has its signalling
   * elsewhere, where the SDK would never look for it.
   */
  async callinIsBack() {
    if (this.#waits) return this.#tryNow();
    if (!this.#device || !this.#signal) return;
    const attempt = this.#attempt;
    try {
      const { signal } = await this.#backend.operate("token", {});
      if (attempt === this.#attempt && signal !== this.#signal) await this.#begin();
    } catch {
      // Without a pass there is nothing to begin with; the SDK goes on trying.
    }
  }

  /**
   * The line has changed. Another phone that has it is not fought for it; and a
   * call that has left it is over, however long the SDK would go on seeking it.
   */
  lineChanged() {
    const on = this.#around.onLine();
    if (this.reserve && on !== undefined && on === this.leg) {
      this.reserve = false;
      this.#mute();
      this.heard.readMute();
    }
    if (this.reserve) return;
    if (this.state !== "reconnecting") return;
    if (this.#othersHaveIt()) this.#giveUp();
    else if (this.#call && this.#around.onLine() === undefined) this.#failed(lost);
  }

  mute(on: boolean) {
    this.#muted.value = on;
    this.#mute();
    this.heard.readMute();
  }

  /** Of a mix the microphone alone is muted: the others are to be heard on. */
  #mute() {
    if (!this.#mixed) this.#call?.mute(this.#silent);
    else if (this.#hasMicrophone) this.#mixed.mix.mute(this.#silent);
  }

  /** Whether the call gets nothing of the microphone. */
  get #silent() {
    return this.muted || this.#hushed || this.reserve;
  }

  /** Keeps the microphone from the call for a while, whatever it is set to. */
  hush(on: boolean) {
    if (this.#hushed === on) return;
    this.#hushed = on;
    this.#mute();
    this.heard.readMute();
  }

  /** Another phone has the line, muted or not: whoever takes it over goes on so. */
  follow(muted: boolean) {
    if (this.state === "off" && this.#muted.value !== muted) this.#muted.value = muted;
  }

  /** What the browser is to do to the microphone, from now on. */
  async choose(profile: Profile) {
    this.profile.value = profile;
    await this.#reopen();
  }

  /** In direct mode the key that brings the next caller. */
  nextDirect() {
    this.#call?.sendDigits("*");
  }

  async #begin() {
    this.#letGo();
    const attempt = this.#attempt;
    const stale = () => attempt !== this.#attempt;
    this.state = "connecting";
    this.#timer = setTimeout(() => this.#failed(slow), patience);
    try {
      const [sdk, pass] = await Promise.all([import("./device"), this.#backend.operate("token", {})]);
      if (stale()) return;
      if (this.#hasMoved(pass)) {
        this.#failed(moved);
        this.#around.onMoved();
        return;
      }
      this.#sdk = sdk;
      this.#signal = pass.signal;
      const profile = this.profile.value;
      const mixed = this.line === "air" && !this.direct ? this.#around.mixed?.() : undefined;
      this.#mixed = mixed;
      const device = sdk.newDevice(pass, this.#backend.signal, profile, mixed, (peer) => {
        if (!stale()) this.#media(peer);
      });
      this.#device = device;
      this.#watchDevice(device);
      const params: Record<string, string> = { line: mixed?.line ?? pass.lines[this.line] ?? pass.lines.own };
      if (this.direct && this.line === "air") params.mode = "direct";
      if (this.reserve) params.mode = "reserve";
      const call = await device.connect({ params, rtcConstraints: sdk.rtcConstraints(profile) });
      if (stale()) call.disconnect();
      else this.#watchCall(call);
    } catch (error) {
      if (!stale()) this.#failed(connectTrouble(error));
    }
  }

  /**
   * Whether the rehearsal's signalling is elsewhere than when this page was
   * loaded, where the page's Content-Security-Policy does not let it go.
   */
  #hasMoved(pass: PhonePass): boolean {
    return !this.#backend.signal && this.#signal !== undefined && pass.signal !== this.#signal;
  }

  #watchDevice(device: Device) {
    device.on("error", (error) => {
      if (this.#device !== device) return;
      const trouble = phoneTrouble(error);
      if (this.state === "on") {
        // The call goes on: what is only the way there is not worth a word.
        if (!mendsItself(trouble)) this.#tell(trouble);
      } else if (mendsItself(trouble)) this.#tell(trouble);
      else this.#failed(trouble);
    });
    device.on("tokenWillExpire", async () => {
      if (this.#mixed) await this.#around.turn?.();
      await this.#renew(device);
    });
  }

  async #renew(device: Device) {
    if (this.#device !== device) return;
    try {
      const pass = await this.#backend.operate("token", {});
      if (this.#device === device) device.updateToken(pass.token);
    } catch {
      setTimeout(() => this.#renew(device), renewPause);
    }
  }

  #watchCall(call: Call) {
    this.#call = call;
    const on = (event: string, then: (told?: unknown) => void) =>
      call.on(event, (told?: unknown) => {
        if (this.#call === call) then(told);
      });
    const judge = new LinkJudge();
    on("sample", (sample) => {
      this.link = judge.sample(sample as Sample) ?? this.link;
    });
    on("ringing", () => this.#known(call));
    on("accept", () => {
      this.#known(call);
      this.#mute();
    });
    on("error", (error) => {
      this.#failure = phoneTrouble(error);
    });
    on("reconnecting", () => {
      this.#seeking = true;
      this.#seek();
    });
    on("reconnected", () => {
      this.#seeking = false;
      this.#stands();
    });
    // Callin asks this way when it has no other to this page.
    on("messageReceived", () => {
      call.sendMessage({ content: { sound: this.heard.sound }, messageType: "user-defined-message" });
    });
    on("disconnect", () => {
      // The SDK says why only after it has said that.
      queueMicrotask(() => {
        if (this.#call === call) this.#failed(this.#failure ?? endedByLine);
      });
    });
  }

  /** Notes what Twilio calls the call. */
  #known(call: Call) {
    const { CallSid } = call.parameters;
    if (CallSid && !this.isMine(CallSid)) this.#legs = [...this.#legs, CallSid];
  }

  #media(peer: RTCPeerConnection) {
    if (peer.connectionState === "connected") {
      this.heard.begin(peer);
      this.#stands();
    } else if (peer.connectionState !== "connecting" && this.state === "on") this.#seek();
  }

  #stands() {
    if (this.#seeking) return;
    clearTimeout(this.#timer);
    if (this.state !== "on") this.#stoodAt = performance.now();
    this.#failure = undefined;
    this.#troubles.beginAnew();
    this.trouble = undefined;
    this.state = "on";
    this.#mute();
    this.heard.readMute();
  }

  /** The SDK seeks the call for as long as Twilio keeps it; then a new one is made. */
  #seek() {
    if (this.state === "reconnecting") return;
    this.state = "reconnecting";
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#failed(lost), (this.#sdk?.keptFor ?? 0) + seekMargin);
  }

  /** Of the phones of a mix the first one's is the microphone, and what is wished of it. */
  get #hasMicrophone(): boolean {
    return !this.#mixed || this.#mixed.leg === 0;
  }

  /** Opens the microphone anew, as the profile asks. */
  async #reopen() {
    if (!this.#device || !this.#sdk) return;
    try {
      if (this.#mixed) await this.#mixed.mix.open();
      else await this.#sdk.reopen(this.#device, this.profile.value);
    } catch {
      // What is wrong with it is seen from its track.
    }
  }

  #othersHaveIt(): boolean {
    if (this.reserve) return false;
    const leg = this.#around.onLine();
    return leg !== undefined && !this.isMine(leg);
  }

  #giveUp() {
    this.#letGo();
    this.#legs = [];
    this.trouble = taken;
    this.state = "off";
  }

  #tell(trouble: PhoneTrouble) {
    this.trouble = this.#troubles.after(this.trouble, trouble);
  }

  #failed(trouble: PhoneTrouble) {
    const stood = this.#stoodAt ? performance.now() - this.#stoodAt : 0;
    this.#letGo();
    if (this.#othersHaveIt()) return this.#giveUp();
    this.#tell(trouble);
    this.state = trouble.again === "soon" ? "reconnecting" : "off";
    if (trouble.again === "never") return;
    this.#waits = true;
    this.#timer = setTimeout(() => this.#tryNow(), this.#pauses.after(trouble, stood));
  }

  /** Makes the new call that waits, unless another phone has the line meanwhile. */
  #tryNow() {
    if (!this.#waits) return;
    if (this.#othersHaveIt()) this.#giveUp();
    else void this.#begin();
  }

  /** Callin is told of the press first: from the line it hears only that the phone has left. */
  async #tellLetGo() {
    const leg = this.#call?.parameters.CallSid;
    if (!leg) return;
    const told = this.#backend.operate("letPhoneGo", { call: leg }).catch(() => {});
    await Promise.race([told, new Promise((late) => setTimeout(late, tellPatience))]);
  }

  #letGo() {
    this.#attempt++;
    clearTimeout(this.#timer);
    this.#waits = false;
    this.heard.end();
    this.link = undefined;
    const device = this.#device;
    this.#device = undefined;
    this.#call = undefined;
    this.#failure = undefined;
    this.#seeking = false;
    this.#stoodAt = 0;
    device?.destroy();
  }
}
