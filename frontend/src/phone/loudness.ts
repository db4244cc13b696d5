/**
 * How loud one channel is: its peak, with a meter's fall, whether it clips, and its short-term loudness as
 * ITU-R BS.1770 and EBU Tech 3341 have it. The worklet measures by this.
 */
import { Biquad, type Coefficients } from "./biquad";
import { gainOf, levelOf, silence } from "./decibels";

/** What a level meter shows. */
export interface Level {
  /** In dBFS; falls by 20 dB in 1.7 s, as a peak meter of studios does. */
  peak: number;
  /** Loudness of the last three seconds, in LUFS. */
  loudness: number;
  /** Whether it has clipped since it was read last. */
  clipped: boolean;
}

/** The most that a telephone's codec can say is 0.17 dB below full scale: from here on a sample is at its end. */
const full = gainOf(-0.2);

/** Loudness is summed up in blocks of this length, in s, and is that of so many of them. */
const block = 0.1;
const blocks = 30;

/** BS.1770's filters for any sample rate: it has their coefficients for 48 kHz alone, of which these are the analogue ones. */
function shelf(rate: number): Coefficients {
  const k = Math.tan((Math.PI * 1681.974450955533) / rate);
  const q = 0.7071752369554196;
  const high = gainOf(3.999843853973347);
  const mid = high ** 0.4996667741545416;
  const all = 1 + k / q + k * k;
  return {
    b: [
      (high + (mid * k) / q + k * k) / all,
      (2 * (k * k - high)) / all,
      (high - (mid * k) / q + k * k) / all,
    ],
    a: [(2 * (k * k - 1)) / all, (1 - k / q + k * k) / all],
  };
}

function lowCut(rate: number): Coefficients {
  const k = Math.tan((Math.PI * 38.13547087602444) / rate);
  const q = 0.5003270373238773;
  const all = 1 + k / q + k * k;
  return { b: [1, -2, 1], a: [(2 * (k * k - 1)) / all, (1 - k / q + k * k) / all] };
}

export class Loudness {
  readonly #head: Biquad;
  readonly #low: Biquad;
  /** How much of a peak is left a sample later. */
  readonly #fall: number;
  readonly #length: number;
  readonly #sums = new Float64Array(blocks);
  #at = 0;
  #sum = 0;
  #count = 0;
  #peak = 0;
  #clipped = false;

  constructor(rate: number) {
    this.#head = new Biquad(shelf(rate));
    this.#low = new Biquad(lowCut(rate));
    this.#fall = gainOf(-20 / 1.7 / rate);
    this.#length = Math.round(block * rate);
  }

  /** Takes a sample in. */
  push(x: number) {
    const size = Math.abs(x);
    this.#peak = Math.max(size, this.#peak * this.#fall);
    if (size >= full) this.#clipped = true;
    const k = this.#low.step(this.#head.step(x));
    this.#sum += k * k;
    if (++this.#count < this.#length) return;
    this.#sums[this.#at] = this.#sum;
    this.#at = (this.#at + 1) % blocks;
    this.#sum = 0;
    this.#count = 0;
  }

  read(): Level {
    const power = this.#sums.reduce((all, one) => all + one, 0) / (blocks * this.#length);
    const clipped = this.#clipped;
    this.#clipped = false;
    return { peak: levelOf(this.#peak ** 2), loudness: Math.max(silence, levelOf(power) - 0.691), clipped };
  }
}
