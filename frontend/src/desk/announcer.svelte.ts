import type { Card } from "../backend/contract";
import { news } from "../picture/news";
import { waitingWords } from "../picture/spoken";
import type { View } from "../picture/view";
import { names, title } from "../picture/words";

/** One thing that was said. */
export interface Said {
  id: number;
  text: string;
  /** The number of the place on top when it was said. */
  place: number;
}

/** How many of the last sentences stay to be read again. */
const kept = 20;
/** How long arrivals and hang-ups of a queue are gathered before they are told, in ms, and how often they are at most. */
const gather = 800;
const pause = 8_000;
/** More sentences than this at once are a break, not deeds: what is now is told in their stead. */
const many = 8;
/** Up to so many are told by name. */
const named = 3;

/**
 * What a screen reader says of the desk: one polite log and one that interrupts. It follows from what
 * the picture was and is, so that what others do is told as well, and what is pressed is told once it is done.
 */
export class Announcer {
  /** Is told what is spoken aloud as well, by who is asked to. */
  aloud: (text: string) => void = () => {};
  /** Is told that somebody calls. */
  onRing = () => {};
  polite = $state.raw<Said[]>([]);
  urgent = $state.raw<Said[]>([]);
  readonly #place: () => number;
  #before: View | undefined;
  #last = 0;
  #rang: Card[] = [];
  #hungUp: Card[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;
  #toldAt = Number.NEGATIVE_INFINITY;

  /** place is the number of the place on top, where it can be heard. */
  constructor(place: () => number = () => 0) {
    this.#place = place;
  }

  /** Takes in the picture as it is from now on. */
  saw(picture: View) {
    const before = this.#before;
    this.#before = picture;
    if (!before || before === picture) return;
    const { told, urgent, rang, hungUp } = news(before, picture);
    for (const text of urgent) this.interrupt(text);
    if (told.length > many) this.say(waitingWords(picture));
    else for (const text of told) this.say(text);
    if (rang.length > 0) this.onRing();
    if (rang.length + hungUp.length === 0) return;
    this.#rang.push(...rang);
    this.#hungUp.push(...hungUp);
    this.#timer ??= setTimeout(
      () => this.#tellQueue(),
      Math.max(gather, this.#toldAt + pause - performance.now()),
    );
  }

  /** Says it when nothing else is said; answers and arrivals also aloud. */
  say(text: string, aloud = false) {
    this.polite = this.#with(this.polite, text);
    if (aloud) this.aloud(text);
  }

  /** Says it at once. */
  interrupt(text: string) {
    this.urgent = this.#with(this.urgent, text);
    this.aloud(text);
  }

  #with = (log: Said[], text: string): Said[] =>
    [...log, { id: ++this.#last, text, place: this.#place() }].slice(-kept);

  #tellQueue() {
    this.#timer = undefined;
    this.#toldAt = performance.now();
    const picture = this.#before;
    // Who came and went meanwhile is no news.
    const left = new Set(this.#hungUp.map((c) => c.call));
    const came = new Set(this.#rang.map((c) => c.call));
    const rang = this.#rang.filter((c) => !left.has(c.call));
    const hungUp = this.#hungUp.filter((c) => !came.has(c.call));
    this.#rang = [];
    this.#hungUp = [];
    if (!picture || rang.length + hungUp.length === 0) return;
    const parts: string[] = [];
    const [only, ...more] = rang;
    if (only) parts.push(more.length ? `${rang.length} ring.` : `${title(only)} rings.`);
    if (hungUp.length)
      parts.push(`${hungUp.length > named ? `${hungUp.length} callers` : names(hungUp)} hung up.`);
    this.say([...parts, waitingWords(picture)].join(" "), true);
  }
}
