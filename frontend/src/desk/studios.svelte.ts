import { kept } from "../parts/kept.svelte";
import { title } from "../picture/words";
import type { Desk } from "./desk.svelte";

/** The studio that the desk works in, and the others. */
export class Studios {
  /** The one that this browser remembers. */
  readonly #chosen = kept("callin.studio", "");
  readonly #desk: Desk;

  constructor(desk: Desk) {
    this.#desk = desk;
  }

  /** Those that a caller can be given to: all of the station's but the one that is shown. */
  get others() {
    const { store } = this.#desk;
    return store.allStudios.filter((s) => s.id !== store.picture?.studio.id);
  }

  /** Works in another of the desk's studios. */
  async choose(id: string) {
    const { store, deskPhone, phone, notices } = this.#desk;
    const [talksTo] = [...deskPhone.talking, ...store.mine];
    if (talksTo) {
      notices.tell(
        `${title(talksTo)} is with you. Before you go to another studio, hold the caller or let them go.`,
        "refused",
      );
      return;
    }
    this.#chosen.value = id;
    this.work();
    deskPhone.onChange(); // who talks to the host of before does so no more
    // A host's phone belongs on the line of the studio that is shown.
    if (phone.line === "air" && phone.state !== "off" && phone.state !== "unsupported") await phone.connect();
  }

  /** Shows the chosen studio and asks for it; the first one that the desk may have if it is none of its own. */
  work() {
    const { store, backend } = this.#desk;
    const is = store.studios.find((s) => s.id === this.#chosen.value) ?? store.studios[0];
    store.studio = backend.studio = is?.id ?? "";
  }
}
