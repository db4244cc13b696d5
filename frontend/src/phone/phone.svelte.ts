import type { Call, Device } from "@twilio/voice-sdk";
import type { Backend } from "../backend/backend";
import type { PhonePass } from "../backend/contract";
import { kept } from "../parts/kept.svelte";
import type { Profile } from "./device";
import { endedByLine, moved, type PhoneTrouble, phoneTrouble, slow, unsupported } from "./errors";
import { Levels } from "./levels";

/**
 * on: sound flows both ways. connecting lasts until then: the SDK's accept
 * says only that the signalling agreed.
 */
export type PhoneState = "unsupported" | "off" | "connecting" | "on" | "reconnecting";

/** How long connecting may take before it is begun again, in ms. */
const patience = 15_000;
/** The pauses before a lost call is made again: first and longest, in ms. */
const firstPause = 500;
const longestPause = 8_000;
/** A call that ends less than this before Callin goes, in ms, ended with it. */
const together = 5_000;
/** The pause before an expiring token is asked for again, in ms. */
const renewPause = 2_000;

/** The desk's softphone: at most one call, to the desk's line. */
export class Phone {
  state = $state<PhoneState>("off");
  trouble = $state.raw<PhoneTrouble>();
  muted = $state(false);
  /** Whether the call is, or would be, in direct mode. */
  direct = $state(false);
  readonly levels = new Levels();
  readonly profile = kept<Profile>("callin.profile", "headset");
  /** Whether somebody hung the phone up: then a reload leaves it so. */
  readonly #hungUp = kept("callin.hungUp", false, sessionStorage);

  readonly #backend: Backend;
  readonly #onMoved: () => void;
  #device: Device | undefined;
  /** When the line ended the last call, in ms. */
  #endedAt = 0;
  /** The rehearsal's signalling that the device uses. */
  #signal: string | undefined;
  #call: Call | undefined;
  #failure: PhoneTrouble | undefined;
  #pause = firstPause;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** Counts the calls begun, so that what is left of an earlier one is ignored. */
  #attempt = 0;

  /** onMoved is told when only a new page can connect the phone. */
  constructor(backend: Backend, onMoved: () => void) {
    this.#backend = backend;
    this.#onMoved = onMoved;
    if (typeof RTCPeerConnection === "undefined" || !navigator.mediaDevices) {
      this.state = "unsupported";
      this.trouble = unsupported;
    }
  }

  /** Connects without being asked where the microphone is allowed already. */
  async connectIfAllowed() {
    if (this.state !== "off" || this.#hungUp.value) return;
    try {
      const allowed = await navigator.permissions.query({ name: "microphone" as PermissionName });
      if (allowed.state === "granted" && this.state === "off") await this.connect();
    } catch {
      // A browser that cannot be asked waits for the press.
    }
  }

  /** Begins the call; state tells how it goes. */
  async connect(direct = this.direct) {
    if (this.state === "unsupported") return;
    this.#hungUp.value = false;
    this.direct = direct;
    this.#pause = firstPause;
    await this.#begin();
  }

  disconnect() {
    if (this.state === "unsupported") return;
    this.#hungUp.value = true;
    this.#letGo();
    this.trouble = undefined;
    this.state = "off";
  }

  /**
   * Callin answers again, having been away since a time in ms. A call that
   * ended with it is made again. A rehearsal that was started anew has its
   * signalling elsewhere, where the SDK would never look for it.
   */
  async callinIsBack(awaySince: number) {
    const endedWithIt = this.trouble === endedByLine && this.#endedAt > awaySince - together;
    if (this.state === "off" && endedWithIt) return this.connect();
    if (!this.#device || !this.#signal) return;
    const attempt = this.#attempt;
    try {
      const { signal } = await this.#backend.operate("token", {});
      if (attempt === this.#attempt && signal !== this.#signal) await this.#begin();
    } catch {
      // Without a pass there is nothing to begin with; the SDK goes on trying.
    }
  }

  mute(on: boolean) {
    this.muted = on;
    this.#call?.mute(on);
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
    this.trouble = undefined;
    this.#timer = setTimeout(() => this.#failed(slow), patience);
    try {
      const [{ newDevice, rtcConstraints }, pass] = await Promise.all([
        import("./device"),
        this.#backend.operate("token", {}),
      ]);
      if (stale()) return;
      if (this.#hasMoved(pass)) {
        this.#failed(moved);
        this.#onMoved();
        return;
      }
      this.#signal = pass.signal;
      const device = newDevice(pass, this.#backend.signal, (state) => {
        if (!stale()) this.#media(state);
      });
      this.#device = device;
      this.#watchDevice(device);
      const params: Record<string, string> = { line: pass.line };
      if (this.direct) params.mode = "direct";
      const call = await device.connect({ params, rtcConstraints: rtcConstraints(this.profile.value) });
      if (stale()) call.disconnect();
      else this.#watchCall(call);
    } catch (error) {
      if (!stale()) this.#failed(words(error));
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
      // While there is a call, and while it tries, the SDK mends these itself.
      if (trouble.passing) this.trouble = this.state === "on" ? this.trouble : trouble;
      else if (this.#call && this.state === "on") this.trouble = trouble;
      else this.#failed(trouble);
    });
    device.on("tokenWillExpire", () => this.#renew(device));
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
    const mine = (then: (error?: unknown) => void) => (error?: unknown) => {
      if (this.#call === call) then(error);
    };
    call.on(
      "accept",
      mine(() => call.mute(this.muted)),
    );
    call.on(
      "error",
      mine((error) => {
        this.#failure = phoneTrouble(error);
      }),
    );
    call.on(
      "reconnecting",
      mine(() => {
        this.state = "reconnecting";
      }),
    );
    call.on(
      "reconnected",
      mine(() => this.#flows()),
    );
    call.on(
      "disconnect",
      mine(() => {
        this.#endedAt = performance.now();
        this.#failed(this.#failure ?? endedByLine);
      }),
    );
  }

  #media(state: RTCPeerConnectionState) {
    if (state === "connected") this.#flows();
    else if (state === "disconnected" && this.state === "on") this.state = "reconnecting";
  }

  #flows() {
    clearTimeout(this.#timer);
    this.#pause = firstPause;
    this.#failure = undefined;
    this.trouble = undefined;
    this.state = "on";
    this.#call?.mute(this.muted);
    this.levels.attach(this.#call?.getLocalStream(), this.#call?.getRemoteStream());
  }

  #failed(trouble: PhoneTrouble) {
    this.#letGo();
    this.trouble = trouble;
    if (!trouble.passing) {
      this.state = "off";
      return;
    }
    this.state = "reconnecting";
    this.#timer = setTimeout(() => this.#begin(), this.#pause);
    this.#pause = Math.min(this.#pause * 2, longestPause);
  }

  #letGo() {
    this.#attempt++;
    clearTimeout(this.#timer);
    this.levels.detach();
    const device = this.#device;
    this.#device = undefined;
    this.#call = undefined;
    this.#failure = undefined;
    device?.destroy();
  }
}

/** A refused token speaks for itself; the rest is the SDK's. */
function words(error: unknown): PhoneTrouble {
  if (error instanceof Error && error.name === "Refused") {
    return { text: error.message, passing: "code" in error && error.code === "unanswered" };
  }
  return phoneTrouble(error);
}
