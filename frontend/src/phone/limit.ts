/**
 * Keeps what several voices are together from being cut off at full scale, which crackles. It looks not ahead, so that
 * nothing is late: the first peak of a loud moment is rounded off, and what follows is turned down.
 */

/** Nothing gets louder than this, of full scale: −1 dBFS. */
export const ceiling = 10 ** (-1 / 20);
/** How long it takes to turn up again, in s. */
const release = 0.15;

export class Limit {
  #gain = 1;
  readonly #up: number;

  constructor(rate: number) {
    this.#up = 1 - Math.exp(-1 / (release * rate));
  }

  step(x: number): number {
    this.#gain = Math.min(ceiling / Math.abs(x), this.#gain + (1 - this.#gain) * this.#up);
    return x * this.#gain;
  }
}
