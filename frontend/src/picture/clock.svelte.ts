/** How far this computer's clock may move against a timer within a tick without having been put, in ms. */
const slack = 500;

/** Callin's time on this page: one ticker for all timers, once a second. */
class Clock {
  /** Milliseconds since 1970, UTC, by Callin's clock, as of the last tick. */
  now = $state(Date.now());
  /** What this computer's clock, and the one that cannot be put, showed at that tick. */
  #wall = Date.now();
  #even = performance.now();
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** How long ago a time was, in ms; 0 if it is still to come. */
  since(at: number): number {
    return Math.max(0, this.now - at);
  }

  /** Takes over Callin's clock: this computer's own may be wrong. */
  correct(theirs: number) {
    this.#passed();
    this.now = theirs;
    this.#wait();
  }

  /** Ticks on the full second until the returned function is called. */
  start(): () => void {
    this.#tick();
    return () => clearTimeout(this.#timer);
  }

  #tick() {
    this.now += this.#passed();
    this.#wait();
  }

  #wait() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#tick(), 1000 - (this.now % 1000));
  }

  /**
   * How long it is since the last tick, in ms. This computer's clock is followed as
   * people go by it, but not when it is put: Callin tells when it has heeded that.
   */
  #passed(): number {
    const wall = Date.now() - this.#wall;
    const even = performance.now() - this.#even;
    this.#wall += wall;
    this.#even += even;
    return Math.round(Math.abs(wall - even) < slack ? wall : even);
  }
}

export const clock = new Clock();
