/**
 * Whether what is sent to a lane comes back in what its caller says, by a loudspeaker or a radio beside them, or what
 * they say comes back to themselves, by a console. Only how loud both ways are is compared, 10 ms by 10 ms: an echo
 * follows the loudness of what it is of, later and weaker, and nothing else does for seconds.
 */
import { Biquad, highPass, lowPass } from "./biquad";
import { levelOf } from "./decibels";
import { Steady } from "./steady";

/** In s. */
const frame = 0.01;
/** What a telephone lets through, in Hz: the rest of what is sent never comes back. */
const band = { from: 300, to: 3_400 };

/** Measures one way, sample by sample. */
export class Envelope {
  readonly #low: Biquad;
  readonly #high: Biquad;
  readonly #length: number;
  #power = 0;
  #count = 0;

  constructor(rate: number) {
    this.#low = new Biquad(highPass(rate, band.from, Math.SQRT1_2));
    this.#high = new Biquad(lowPass(rate, band.to, Math.SQRT1_2));
    this.#length = Math.round(frame * rate);
  }

  /** Takes a sample in; reports the level of the 10 ms that it ends, in dBFS. */
  push(x: number): number | undefined {
    const y = this.#high.step(this.#low.step(x));
    this.#power += y * y;
    if (++this.#count < this.#length) return undefined;
    const level = levelOf(this.#power / this.#length);
    this.#power = this.#count = 0;
    return level;
  }
}

/** How loud both ways are in the same 10 ms, in dBFS: what comes from a lane, and what is sent to it. */
export interface Ways {
  said: number;
  sent: number;
}

/**
 * echo: what is sent comes back. self: what the caller says comes back to them. howl: an echo grows, or is nearly as
 * loud as what it is of, or both come round in a circle.
 */
export type Echo = "none" | "echo" | "self" | "howl";

/** What is compared at once, in frames: a second. */
const second = 100;
/** How late an echo may be, in frames: by a telephone and back; by a console and back. */
const late = { echo: { least: 4, most: 80 }, self: { least: 1, most: 40 } };
/** Up to when it is looked for what else is as much alike, in frames: two beats of most music. */
const latest = 150;
/** How much alike the levels of an echo and of what it is of are: a correlation. Of voices that have nothing to do with each other it is less, or at another time each second. */
const alike = 0.7;
/** A beat is like another one's at several times, a voice at one: nothing so many frames from it may be as much alike, give or take. */
const alone = { frames: 12, by: 0.1 };
/** From one second to the next an echo moves by so many frames at the most, and by so many dB: buffers on the way breathe, on a busy network a lot. */
const moves = { frames: 8, level: 5 };
/** So many of the last seconds must have it. */
const agree = { least: 5, of: 10 };
/** A sound tells whether it comes back if it is louder than this at times, in dBFS, and wavers by so many dB: a voice, and no tone. */
const tells = { least: -45, wavers: 10 };
/** So far below its loudest, in dB, a way is as good as silent; and so is all below this, in dBFS. */
const depth = 30;
const silent = -65;
/** What is weaker than this, in dB, disturbs nobody. */
const faint = -30;
/** An echo that is louder than this, in dB, goes towards a howl; and one that has grown by so many dB within seconds, to more than this. */
const howls = { from: -6, grows: 6, grown: -18 };
/**
 * How many judgements in turn are needed. Whom another lane's caller sends back hears themselves, too: that one is to be
 * found first, and to be over last.
 */
const patience = { echo: 1, howl: 2, self: 3, selfOver: 2, else: 4 };

/** An echo that one second has: how late it is, in frames, and how loud beside what it is of, in dB. */
interface Found {
  late: number;
  level: number;
}

/** Follows the two ways of one lane, for one caller. */
export class EchoJudge {
  #said: number[] = [];
  #sent: number[] = [];
  #count = 0;
  /** The last seconds that could tell; undefined for one without an echo. */
  #echoes: (Found | undefined)[] = [];
  #selves: (Found | undefined)[] = [];
  readonly #echo = new Steady<Echo>("none", (from, to) => {
    if (to === "howl") return patience.howl;
    if (from === "none") return to === "echo" ? patience.echo : patience.self;
    return from === "self" ? patience.selfOver : patience.else;
  });

  push({ said, sent }: Ways): Echo {
    this.#said.push(said);
    this.#sent.push(sent);
    const kept = second + latest;
    if (this.#said.length > kept) {
      this.#said.shift();
      this.#sent.shift();
    }
    if (++this.#count % second === 0 && this.#said.length >= second + late.echo.most) this.#look();
    return this.#echo.value;
  }

  #look() {
    const echo = strongest(this.#sent, this.#said);
    const self = strongest(this.#said, this.#sent);
    // Turned round a voice that comes back is a little like itself, too: the better one is it, and explains the second.
    const best = Math.max(echo?.alike ?? 0, self?.alike ?? 0);
    const counts = (one: typeof echo) => one && (best < alike || one.alike === best);
    if (counts(echo)) this.#echoes = [...this.#echoes.slice(1 - agree.of), heard(echo, late.echo)];
    if (counts(self)) this.#selves = [...this.#selves.slice(1 - agree.of), heard(self, late.self)];
    if (echo || self) this.#echo.find(judged(levels(this.#echoes), levels(this.#selves)));
  }
}

/** How a second of one way is most like what the other way was before, and whether it is so at that time alone. */
interface Likeness extends Found {
  alike: number;
  alone: boolean;
}

const heard = (one: Likeness | undefined, { least, most }: { least: number; most: number }) =>
  one?.alone && one.alike >= alike && one.level >= faint && one.late >= least && one.late <= most
    ? one
    : undefined;

/** When the last second of a sound is most like what another one was before; undefined if that does not tell. */
function strongest(from: number[], to: number[]): Likeness | undefined {
  const heard = shape(to.slice(-second));
  const found: { late: number; alike: number }[] = [];
  for (let frames = 0; frames <= Math.min(latest, from.length - second); frames++) {
    const one = secondBefore(from, frames);
    const ranked = [...one].sort((a, b) => a - b);
    const loud = ranked[second * 0.9] ?? silent;
    if (loud < tells.least || loud - (ranked[second * 0.1] ?? silent) < tells.wavers) continue;
    found.push({ late: frames, alike: correlation(shape(one), heard) });
  }
  const best = [...found].sort((a, b) => b.alike - a.alike)[0];
  if (!best) return undefined;
  const other = found.some(
    (one) => Math.abs(one.late - best.late) > alone.frames && one.alike > best.alike - alone.by,
  );
  return { ...best, alone: !other, level: levelAt(from, to, best.late) };
}

/** The second that ended so many frames ago. */
const secondBefore = (levels: number[], frames: number): number[] =>
  levels.slice(levels.length - second - frames, levels.length - frames);

/** What counts of a second. */
function shape(levels: number[]): number[] {
  const floor = Math.max(silent, Math.max(...levels) - depth);
  return levels.map((level) => Math.max(floor, level));
}

/** How loud an echo is beside what it is of, in dB, where that is loud: what is said above it at times only adds. */
function levelAt(from: number[], to: number[], frames: number): number {
  const one = secondBefore(from, frames);
  const loud = Math.max(...one) - 10;
  const beside = to
    .slice(-second)
    .flatMap((level, n) => ((one[n] ?? silent) >= loud ? level - (one[n] ?? silent) : []));
  return beside.sort((a, b) => a - b)[beside.length >> 2] ?? Number.NEGATIVE_INFINITY;
}

const mean = (values: number[]): number => values.reduce((all, one) => all + one, 0) / values.length;

/** From -1 to 1; 0 where one of them does not waver. */
function correlation(a: number[], b: number[]): number {
  const [middleA, middleB] = [mean(a), mean(b)];
  let [both, ofA, ofB] = [0, 0, 0];
  for (let n = 0; n < a.length; n++) {
    const [x, y] = [(a[n] ?? 0) - middleA, (b[n] ?? 0) - middleB];
    both += x * y;
    ofA += x * x;
    ofB += y * y;
  }
  return Math.min(ofA, ofB) < a.length ? 0 : both / Math.sqrt(ofA * ofB);
}

/** The levels of the echo that most seconds have, in their order; none where too few have one. */
function levels(seconds: (Found | undefined)[]): number[] {
  const one: Found[][] = [];
  for (const found of seconds) {
    if (!found) continue;
    const before = one.filter((all) => follows(all.at(-1), found));
    one.push([...longest(before), found]);
  }
  const most = longest(one);
  return most.length < agree.least ? [] : most.map(({ level }) => level);
}

const follows = (before: Found | undefined, one: Found): boolean =>
  before !== undefined &&
  Math.abs(before.late - one.late) <= moves.frames &&
  Math.abs(before.level - one.level) <= moves.level;

const longest = (all: Found[][]): Found[] =>
  all.reduce<Found[]>((most, one) => (one.length > most.length ? one : most), []);

function judged(echo: number[], self: number[]): Echo {
  if (self.length) return echo.length ? "howl" : "self";
  if (!echo.length) return "none";
  const now = mean(echo.slice(-2));
  const grows = now - mean(echo.slice(0, 2)) >= howls.grows && now > howls.grown;
  return grows || now > howls.from ? "howl" : "echo";
}
