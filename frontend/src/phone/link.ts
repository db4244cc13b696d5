/**
 * How good the desk's connection is, from what the SDK samples each second. It is the way from this page to Twilio
 * (in a rehearsal: to that) and back; of a caller's own line it says nothing.
 */
import { Steady } from "./steady";

/** What the SDK samples; what it has not measured is missing. */
export interface Sample {
  /** In ms. */
  jitter: number;
  /** The way there and back, in ms. */
  rtt?: number | undefined;
  packetsReceived: number;
  /** Packets that did not come, in percent. */
  packetsLostFraction: number;
  /** The mean opinion score that follows, from 1 to 4.5; null where it cannot be had. */
  mos: number | null;
}

export type Quality = "good" | "fair" | "poor";

const worst: Quality[] = ["poor", "fair", "good"];

/** Over how many samples figures are taken. */
const span = 5;
/** How many in turn must be worse, and better, before it is said. */
const patience = { worse: 3, better: 8 };

/** From here on it is heard now and then, and all the time; the first ones are those at which the SDK warns. */
const limits = {
  fair: { jitter: 30, rtt: 400, lost: 1, mos: 3.8 },
  poor: { jitter: 60, rtt: 800, lost: 5, mos: 3 },
};

/** The figures of the last samples. */
export interface Link {
  quality: Quality;
  jitter: number;
  rtt: number | undefined;
  lost: number;
  mos: number | undefined;
}

const median = (values: number[]): number | undefined =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];

/** Follows one call's samples. */
export class LinkJudge {
  #samples: Sample[] = [];
  readonly #quality = new Steady<Quality>("good", (from, to) =>
    worst.indexOf(to) < worst.indexOf(from) ? patience.worse : patience.better,
  );

  /** Reports nothing of a second in which nothing came: that is not a bad connection but none, and is told elsewhere. */
  sample(one: Sample): Link | undefined {
    if (one.packetsReceived === 0) return undefined;
    this.#samples = [...this.#samples.slice(1 - span), one];
    const all = (of: (s: Sample) => number | null | undefined) =>
      this.#samples.map(of).filter((value) => typeof value === "number");
    const figures = {
      jitter: median(all((s) => s.jitter)) ?? 0,
      rtt: median(all((s) => s.rtt)),
      lost: all((s) => s.packetsLostFraction).reduce((sum, lost) => sum + lost, 0) / this.#samples.length,
      mos: median(all((s) => s.mos)),
    };
    return { ...figures, quality: this.#quality.find(judged(figures)) };
  }
}

function judged({ jitter, rtt = 0, lost, mos = 5 }: Omit<Link, "quality">): Quality {
  const over = (l: typeof limits.fair) => jitter >= l.jitter || rtt >= l.rtt || lost >= l.lost || mos < l.mos;
  if (over(limits.poor)) return "poor";
  return over(limits.fair) ? "fair" : "good";
}

/** The worst of several calls' connections, which go one way. */
export const worstOf = (links: Link[]): Link | undefined =>
  links.reduce<Link | undefined>(
    (bad, one) => (bad && worst.indexOf(bad.quality) <= worst.indexOf(one.quality) ? bad : one),
    undefined,
  );

export const qualityWords: Record<Quality, { sign: string; text: string; todo: string }> = {
  good: { sign: "●", text: "good", todo: "" },
  fair: {
    sign: "◐",
    text: "fair: sound may break up",
    todo: "End downloads and video on this network, or use a cable instead of Wi-Fi.",
  },
  poor: {
    sign: "▲",
    text: "poor: sound breaks up",
    todo: "Use a cable instead of Wi-Fi, end what else uses this network, or use another way to the internet.",
  },
};

/** "Round trip 42 ms · jitter 3 ms · loss 0 % · MOS 4.4". */
export function linkFigures({ jitter, rtt, lost, mos }: Link): string {
  return [
    rtt === undefined ? "" : `Round trip ${Math.round(rtt)} ms`,
    `jitter ${Math.round(jitter)} ms`,
    `loss ${lost < 9.95 && lost > 0 ? lost.toFixed(1) : Math.round(lost)} %`,
    mos === undefined ? "" : `MOS ${mos.toFixed(1)}`,
  ]
    .filter(Boolean)
    .join(" · ");
}
