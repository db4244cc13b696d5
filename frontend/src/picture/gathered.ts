/** So long after something was given what follows is gathered, in ms: thousands of callers take a part of that to be shown. */
const pause = 50;

/**
 * Gives on what comes, in order: at once, with all that came in the same instant, and what follows within
 * a short time together, so that a crowd leaves the page time for a hand.
 */
export class Gathered<T> {
  readonly #give: (all: T[]) => void;
  #all: T[] = [];
  #gaveAt = Number.NEGATIVE_INFINITY;
  #waits = false;

  constructor(give: (all: T[]) => void) {
    this.#give = give;
  }

  add(one: T) {
    this.#all.push(one);
    if (this.#waits) return;
    this.#waits = true;
    const left = this.#gaveAt + pause - performance.now();
    // The timers of a page that nobody sees wait for a second and longer.
    if (left <= 0 || document.hidden) queueMicrotask(this.flush);
    else setTimeout(this.flush, left);
  }

  /** Gives on what there is, now. */
  flush = () => {
    this.#waits = false;
    if (this.#all.length === 0) return;
    const all = this.#all;
    this.#all = [];
    this.#give(all);
    this.#gaveAt = performance.now();
  };
}
