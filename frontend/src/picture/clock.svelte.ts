/** Callin's time on this page: one ticker for all timers, once a second. */
class Clock {
  /** Milliseconds since 1970, UTC, by Callin's clock, as of the last tick. */
  now = $state(Date.now());
  #ahead = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** How long ago a time was, in ms; 0 if it is still to come. */
  since(at: number): number {
    return Math.max(0, this.now - at);
  }

  /** Takes over Callin's clock: this computer's own may be wrong. */
  correct(theirs: number) {
    this.#ahead = theirs - Date.now();
    this.#tick();
  }

  /** Ticks on the full second until the returned function is called. */
  start(): () => void {
    this.#tick();
    return () => clearTimeout(this.#timer);
  }

  #tick() {
    clearTimeout(this.#timer);
    this.now = Date.now() + this.#ahead;
    this.#timer = setTimeout(() => this.#tick(), 1000 - (this.now % 1000));
  }
}

export const clock = new Clock();
