import type { Call, Device } from "@twilio/voice-sdk";
import type { Backend } from "../backend/backend";
import { connectTrouble, endedByLine, type PhoneTrouble, phoneTrouble, slow } from "./errors";
import type { Profile } from "./microphone";

/** off; calling until the host's line has it; on: what is said here the host hears, and nobody else. */
export type TalkbackState = "off" | "calling" | "on";

/** How long the host's line may take to have the call, in ms. */
const patience = 12_000;

/**
 * A second call of a desk that is off air, by a Device of its own: it speaks into the
 * host's ears alone, and lets hear what is on air. While it stands, the microphone of
 * the desk's own line is muted, or who is being screened would hear it too.
 */
export class Talkback {
  state = $state<TalkbackState>("off");
  readonly #backend: Backend;
  readonly #profile: () => Profile;
  /** Is told when it begins and when it has ended. */
  readonly #onTurn: () => void;
  /** Is told why a call ended that nobody ended here. */
  readonly #onTrouble: (trouble: PhoneTrouble) => void;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #device: Device | undefined;
  #call: Call | undefined;
  /** Counts the calls begun, so that what is left of an earlier one is ignored. */
  #attempt = 0;

  constructor(
    backend: Backend,
    profile: () => Profile,
    onTurn: () => void,
    onTrouble: (trouble: PhoneTrouble) => void,
  ) {
    this.#backend = backend;
    this.#profile = profile;
    this.#onTurn = onTurn;
    this.#onTrouble = onTrouble;
  }

  /** Begins to talk to the host of a studio's line. */
  async begin(line: string) {
    if (this.state !== "off") return;
    const attempt = ++this.#attempt;
    const stale = () => attempt !== this.#attempt;
    this.state = "calling";
    this.#onTurn();
    this.#timer = setTimeout(() => !stale() && this.#failed(slow), patience);
    try {
      const [sdk, pass] = await Promise.all([import("./device"), this.#backend.operate("token", {})]);
      if (stale()) return;
      const device = sdk.newDevice(pass, this.#backend.signal, this.#profile(), undefined, () => {});
      this.#device = device;
      device.on("error", (error) => !stale() && this.#failed(phoneTrouble(error)));
      const call = await device.connect({
        params: { line, mode: "talkback" },
        rtcConstraints: sdk.rtcConstraints(this.#profile()),
      });
      if (stale()) return call.disconnect();
      this.#call = call;
      const stands = () => {
        if (stale()) return;
        clearTimeout(this.#timer);
        this.state = "on";
      };
      call.on("accept", stands);
      call.on("reconnected", stands);
      call.on("reconnecting", () => {
        if (!stale()) this.state = "calling";
      });
      for (const over of ["disconnect", "cancel", "reject"] as const)
        call.on(over, () => !stale() && this.#failed(endedByLine));
      call.on("error", (error) => !stale() && this.#failed(phoneTrouble(error)));
    } catch (error) {
      if (!stale()) this.#failed(connectTrouble(error));
    }
  }

  /** Talks to the host no more. */
  end() {
    if (this.state === "off") return;
    this.#attempt++;
    clearTimeout(this.#timer);
    this.state = "off";
    this.#call?.disconnect();
    this.#device?.destroy();
    this.#call = this.#device = undefined;
    this.#onTurn();
  }

  #failed(trouble: PhoneTrouble) {
    this.end();
    this.#onTrouble(trouble);
  }
}
