/** A filter of second order: b over a, where the first of a is 1. */
export interface Coefficients {
  b: [number, number, number];
  a: [number, number];
}

export class Biquad {
  readonly #c: Coefficients;
  #s1 = 0;
  #s2 = 0;

  constructor(coefficients: Coefficients) {
    this.#c = coefficients;
  }

  step(x: number): number {
    const { a, b } = this.#c;
    const y = b[0] * x + this.#s1;
    this.#s1 = b[1] * x - a[0] * y + this.#s2;
    this.#s2 = b[2] * x - a[1] * y;
    return y;
  }
}

/** A high-pass of 12 dB an octave. q is 0.7071 for one that is 3 dB down at hertz and flat above. */
export function highPass(rate: number, hertz: number, q: number): Coefficients {
  const k = Math.tan((Math.PI * hertz) / rate);
  const all = 1 + k / q + k * k;
  return { b: [1 / all, -2 / all, 1 / all], a: [(2 * (k * k - 1)) / all, (1 - k / q + k * k) / all] };
}

/** A low-pass, as the high-pass is. */
export function lowPass(rate: number, hertz: number, q: number): Coefficients {
  const k = Math.tan((Math.PI * hertz) / rate);
  const all = 1 + k / q + k * k;
  return {
    b: [(k * k) / all, (2 * k * k) / all, (k * k) / all],
    a: [(2 * (k * k - 1)) / all, (1 - k / q + k * k) / all],
  };
}
