import type { Backend } from "../backend/backend";
import { Confirmation } from "../parts/confirmation.svelte";
import { Phone } from "../phone/phone.svelte";
import { isTalking } from "../picture/lists";
import type { PictureStore } from "../picture/store.svelte";
import { AirMicrophone } from "./microphone.svelte";
import type { Notices } from "./notices.svelte";
import { type PhoneFacts, steadyState } from "./phonewords";

/** How long the second press that takes the phone off the line is waited for, in ms. */
const sureWithin = 6_000;

/** The phone as the desk uses it: with what Callin says of the line, and who is on it. */
export class DeskPhone {
  readonly phone: Phone;
  readonly microphone: AirMicrophone;
  readonly #leaving = new Confirmation(sureWithin);
  readonly #backend: Backend;
  readonly #store: PictureStore;
  #opened = false;

  constructor(backend: Backend, store: PictureStore, notices: Notices, onMoved: () => void) {
    this.#backend = backend;
    this.#store = store;
    this.phone = new Phone(backend, {
      onLine: () => (store.line?.phone ? store.line.leg : undefined),
      onHeard: () => this.microphone.tell(),
      onMoved,
    });
    this.microphone = new AirMicrophone(backend, store, this.phone, notices, () => this.elsewhere);
  }

  /** The page's phone connects by itself, once it is known that the line is free. */
  onPicture() {
    this.onChange();
    if (this.#opened) return;
    this.#opened = true;
    void this.phone.connectIfAllowed();
  }

  onChange() {
    this.phone.lineChanged();
    this.microphone.onChange();
  }

  /** Whether the phone that has the line is not this page's. */
  readonly elsewhere = $derived.by(() => {
    const { line } = this.#store;
    return line?.phone === true && !this.phone.isMine(line.leg);
  });

  /** What is said of the phone follows from these. */
  get facts(): PhoneFacts {
    const { heard } = this.phone;
    const { elsewhere } = this;
    const told = elsewhere ? this.#store.microphone : undefined;
    const deaf = heard.listening.trouble?.kind === "nothing";
    const state = steadyState(this.phone.state, this.phone.trouble);
    return { state, flows: heard.flows, trouble: heard.trouble, deaf, elsewhere, there: told?.sound };
  }

  /** Who would be held if this page's phone left the line. */
  readonly talking = $derived.by(() => {
    const mine = this.#store.line?.phone === true && !this.elsewhere;
    return mine ? this.#store.air.filter((c) => isTalking(c.place)) : [];
  });

  /** What waits for its second press, as it takes the phone from under who is on air. */
  readonly asks = $derived.by(() => (this.talking.length > 0 ? this.#leaving.awaited : undefined));
  readonly early = $derived(this.#leaving.early);

  async connectOrDisconnect() {
    if (this.phone.state === "unsupported") return this.#backend.openBrowser?.();
    if (this.phone.state === "off") return this.phone.connect();
    if (this.#sure("disconnect")) await this.phone.disconnect();
  }

  /** Connects anew in the other mode. */
  async changeMode() {
    if (this.#sure("mode")) await this.phone.connect("air", !this.phone.direct);
  }

  #sure = (what: string): boolean => this.talking.length === 0 || this.#leaving.press(what);
}
