import type { Call, Device } from "@twilio/voice-sdk";
import type { Backend } from "../backend/backend";
import { connectTrouble, type PhoneTrouble, phoneTrouble } from "./errors";
import type { Profile } from "./microphone";

/** off; calling until the host's line has it; on: what is said here the host hears, and nobody else. */
export type TalkbackState = "off" | "calling" | "on";

/**
 * A second call of a desk that is off air, by a Device of its own: it speaks into the
 * host's ears alone, and lets hear what is on air. While it stands, the microphone of
 * the desk's own line is muted, or who is being screened would hear it too.
 */
export class Talkback {
  state = $state<TalkbackState>("off");
  trouble = $state.raw<PhoneTrouble>();
  readonly #backend: Backend;
  readonly #profile: () => Profile;
  /** Mutes the desk's own line, or gives it back as it was. */
  readonly #hush: (on: boolean) => void;
  #device: Device | undefined;
  #call: Call | undefined;
  /** Counts the calls begun, so that what is left of an earlier one is ignored. */
  #attempt = 0;

  constructor(backend: Backend, profile: () => Profile, hush: (on: boolean) => void) {
    this.#backend = backend;
    this.#profile = profile;
    this.#hush = hush;
  }

  /** Begins to talk to the host of a studio's line. */
  async begin(line: string) {
    if (this.state !== "off") return;
    const attempt = ++this.#attempt;
    const stale = () => attempt !== this.#attempt;
    this.state = "calling";
    this.trouble = undefined;
    this.#hush(true);
    try {
      const [sdk, pass] = await Promise.all([import("./device"), this.#backend.operate("token", {})]);
      if (stale()) return;
      const device = sdk.newDevice(pass, this.#backend.signal, this.#profile(), () => {});
      this.#device = device;
      device.on("error", (error) => !stale() && this.#failed(phoneTrouble(error)));
      const call = await device.connect({
        params: { line, mode: "talkback" },
        rtcConstraints: sdk.rtcConstraints(this.#profile()),
      });
      if (stale()) return call.disconnect();
      this.#call = call;
      call.on("accept", () => {
        if (!stale()) this.state = "on";
      });
      for (const over of ["disconnect", "cancel", "reject"] as const)
        call.on(over, () => !stale() && this.end());
      call.on("error", (error) => !stale() && this.#failed(phoneTrouble(error)));
    } catch (error) {
      if (!stale()) this.#failed(connectTrouble(error));
    }
  }

  /** Talks to the host no more. */
  end() {
    if (this.state === "off") return;
    this.#attempt++;
    this.state = "off";
    this.#call?.disconnect();
    this.#device?.destroy();
    this.#call = this.#device = undefined;
    this.#hush(false);
  }

  #failed(trouble: PhoneTrouble) {
    this.end();
    this.trouble = trouble;
  }
}
