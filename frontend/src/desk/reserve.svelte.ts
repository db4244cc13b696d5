import { type Backend, Refused } from "../backend/backend";
import { kept } from "../parts/kept.svelte";
import { taken } from "../phone/errors";
import type { Lanes } from "../phone/lanes.svelte";
import type { Phone } from "../phone/phone.svelte";
import type { PictureStore } from "../picture/store.svelte";
import type { Notices } from "./notices.svelte";

/** How long the phones may take to be on all lanes, in ms: they come one after the other. */
const patience = 20_000;

/**
 * A desk in reserve: its phones are on the lanes, warm, while another desk has them, and neither hear nor are heard.
 * When that one is lost it takes over, by itself or by a press; by the same way a desk takes the lanes back.
 */
export class Reserve {
  readonly #backend: Backend;
  readonly #store: PictureStore;
  readonly #notices: Notices;
  readonly #phone: Phone;
  readonly #lanes: Lanes;
  /** Whether this PC is a reserve. */
  readonly #wanted = kept("callin.reserve", false);
  /** Whether it takes over by itself. */
  readonly byItself = kept("callin.reserveTakesOver", true);
  /** Taking over is under way. */
  taking = $state(false);

  constructor(backend: Backend, store: PictureStore, notices: Notices, phone: Phone, lanes: Lanes) {
    this.#backend = backend;
    this.#store = store;
    this.#notices = notices;
    this.#phone = phone;
    this.#lanes = lanes;
  }

  /** Whether this page can be one: not beside another page of the same desk, which has the line. */
  get possible(): boolean {
    const { line, picture } = this.#store;
    const beside = line?.phone === true && line.desk === picture?.you && !this.#phone.isMine(line.leg);
    return this.#lanes.count > 1 && this.#phone.line === "air" && this.#store.is("host") && !beside;
  }

  get wanted(): boolean {
    return this.#wanted.value && this.possible;
  }

  readonly #lines = $derived.by(() => {
    const { picture } = this.#store;
    return picture?.lines.filter((l) => picture.studio.lanes.includes(l.name)) ?? [];
  });

  /** How many of its phones are on their lanes in reserve. */
  readonly warm = $derived.by(() => {
    const you = this.#store.picture?.you ?? "";
    return this.#lines.filter((l) => l.reserve?.includes(you)).length;
  });

  #isReady = () => this.#phone.reserve && this.warm === this.#lanes.count;

  /** Whether another desk's phone has the lanes, so that they can be taken from it. */
  get canTake(): boolean {
    const { line } = this.#store;
    return this.possible && line?.phone === true && !line.direct && !this.#phone.isMine(line.leg);
  }

  /** Puts this desk in reserve, or ends that. */
  async change() {
    if (this.wanted) return this.leave();
    const { line, picture } = this.#store;
    if (line?.phone && line.desk === picture?.you)
      return this.#notices.tell(
        "This desk has the line. Its reserve is another one: press Reserve there.",
        "refused",
      );
    this.#wanted.value = true;
    await this.#stand();
  }

  async leave() {
    this.#wanted.value = false;
    if (this.#phone.reserve) await this.#phone.disconnect();
    this.#phone.reserve = false;
  }

  #stand = () => this.#phone.connect("air", false, true);

  /** A reserve goes back to be one when the line is taken from it, and takes over from a desk that is lost. */
  follow() {
    const { line, lost } = this.#store;
    if (!this.wanted || this.taking) return;
    const off = this.#phone.state === "off" && (!this.#phone.trouble || this.#phone.trouble === taken);
    if (off && line?.phone && !this.#phone.isMine(line.leg)) return void this.#stand();
    // A lane that is cut alone is that desk's to mend.
    const isLost = lost.length > 0 && this.#lines.every((l) => !l.phone && !l.byHand);
    if (isLost && this.byItself.value && this.#isReady()) void this.takeLanes(true);
  }

  /** Takes the lanes over: one that is not in reserve comes there first, so that callers stay with somebody. */
  async takeLanes(byItself = false) {
    if (this.taking) return;
    this.taking = true;
    try {
      if (!this.#phone.reserve) await this.#stand();
      if (!(await this.#store.until(this.#isReady, patience)))
        return this.#notices.tell(
          this.#phone.trouble?.text ?? "The phones did not come onto each lane. Try again.",
          "refused",
        );
      await this.#backend.operate("takeLanes", { byItself });
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      this.#notices.tell(error.message, "refused");
    } finally {
      this.taking = false;
    }
  }
}
