import { type Backend, Refused } from "../backend/backend";
import type { Sheet } from "../backend/contract";

/** How long between two readings of a sheet whose callers still leave, in ms. */
const pause = 1_500;
/** How many callers are shown at first: a contest has thousands. */
const first = 200;

/** The sheet of one show, as the view shows and prints it. */
export class ShowSheet {
  sheet = $state.raw<Sheet>();
  /** Why there is none. */
  trouble = $state("");
  all = $state(false);
  readonly callers = $derived(this.all ? this.sheet?.callers : this.sheet?.callers.slice(0, first));
  readonly folded = $derived((this.sheet?.callers.length ?? 0) - (this.callers?.length ?? 0));
  #timer: ReturnType<typeof setTimeout> | undefined;
  #reading = false;
  readonly #backend: Backend;
  readonly #show: number | undefined;

  /** Without a number it is the last show's. */
  constructor(backend: Backend, show: number | undefined) {
    this.#backend = backend;
    this.#show = show;
  }

  /** Reads it anew: at once the first time, and soon when somebody has come or gone since. */
  refresh() {
    if (!this.sheet && !this.#reading) void this.#read();
    else this.#timer ??= setTimeout(() => void this.#read(), pause);
  }

  end() {
    clearTimeout(this.#timer);
  }

  async #read() {
    this.#reading = true;
    try {
      const show = this.#show ?? (await this.#backend.operate("shows", {})).shows[0]?.show;
      if (show === undefined) this.trouble = "No show has been opened yet.";
      else this.sheet = await this.#backend.operate("sheet", { show });
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      this.trouble = error.message;
    }
    this.#reading = false;
    this.#timer = undefined;
  }
}
