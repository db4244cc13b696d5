import { type Backend, Refused } from "../backend/backend";
import type { Phone } from "../phone/phone.svelte";
import type { DeskPhone } from "./deskphone.svelte";
import type { Notices } from "./notices.svelte";

/**
 * The microphone on air, one for all pages of the desk. The page that has the
 * phone reads off its own track what is sent, and says it; the others show that,
 * and ask that page for what is to be otherwise.
 */
export class AirMicrophone {
  readonly #backend: Backend;
  readonly #at: DeskPhone;
  readonly #phone: Phone;
  readonly #notices: Notices;
  /** What somebody here has asked for, until it is answered. */
  #asking = $state.raw<{ on: boolean }>();
  /** The request that this page has done last. */
  #obeyed = 0;
  /** The phones of which something is being said. */
  readonly #telling = new Set<Phone>();

  constructor(backend: Backend, at: DeskPhone, notices: Notices) {
    this.#backend = backend;
    this.#at = at;
    this.#phone = at.phone;
    this.#notices = notices;
  }

  /** Whether another page or a telephone has the line. */
  #elsewhere = () => this.#at.elsewhere;

  /** Whether it is muted; undefined where nothing is known of it. */
  get muted(): boolean | undefined {
    return this.#elsewhere() ? this.#at.told?.muted : this.#phone.heard.silenced;
  }

  /** Whether it is asked to be muted, or to be unmuted; undefined for neither. */
  get asked(): boolean | undefined {
    return this.#elsewhere() ? (this.#asking ?? this.#at.told?.asked)?.on : undefined;
  }

  /** Muted is what this page's phone will be when it comes onto the line. */
  get willBeMuted(): boolean {
    const phone = this.#phone;
    return !this.#elsewhere() && phone.muted && !phone.heard.silenced && phone.state !== "on";
  }

  /** Mutes or unmutes it, wherever it is. */
  async muteOrUnmute() {
    const { line } = this.#at;
    if (!this.#elsewhere() || !line) return this.#phone.mute(!this.#phone.muted);
    const asking = { on: !(this.asked ?? this.muted) };
    this.#asking = asking;
    try {
      await this.#backend.operate("mute", { call: line.leg, on: asking.on });
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      this.#notices.tell(error.message, "refused");
    } finally {
      if (this.#asking === asking) this.#asking = undefined;
    }
  }

  onChange() {
    const microphone = this.#at.told;
    if (microphone && this.#elsewhere()) this.#phone.follow(microphone.muted);
    // A page that stood still hears of a request and of its end together: what is
    // no longer asked for then is not done.
    queueMicrotask(() => {
      this.#obey();
      void this.tell();
    });
  }

  #obey() {
    const microphone = this.#at.told;
    const asked = microphone?.asked;
    if (!asked || microphone.call !== this.#phone.leg || asked.at === this.#obeyed) return;
    this.#obeyed = asked.at;
    if (this.#phone.muted === asked.on) return;
    this.#phone.mute(asked.on);
    this.#notices.tell(
      asked.on ? "Another page has muted this microphone." : "Another page has unmuted this microphone.",
    );
  }

  /**
   * Says what is sent of this page's microphone, and what passes on the call that is on a line, if the station does
   * not know it yet.
   */
  async tell(phone = this.#phone, line = this.#at.line) {
    const { leg, heard } = phone;
    if (this.#telling.has(phone) || !leg || !line?.phone || line.leg !== leg) return;
    const microphone = this.#at.toldOf(line);
    const { sound } = heard;
    const muted = this.#phone.heard.silenced; // the lanes of a mix have one microphone
    const known = microphone?.muted === muted && microphone.sound === sound;
    if (known && microphone.asked?.at !== this.#obeyed) return;
    this.#telling.add(phone);
    try {
      const obeyed = this.#obeyed;
      await this.#backend.operate("microphone", { call: leg, muted, sound, obeyed });
    } catch (error) {
      if (!(error instanceof Refused)) throw error; // it is said again after the next look
    } finally {
      this.#telling.delete(phone);
    }
  }
}
