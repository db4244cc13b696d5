import { endedByLine, type PhoneTrouble } from "./errors";

/** The pauses before a lost call is made again: first and longest, in ms. */
const first = 500;
const longest = 8_000;
/** The pause where somebody may have to do something first, in ms. */
const long = 30_000;
/** The pause after the line ended the call, in which it is heard whether another phone has it, in ms. */
const news = 1_000;
/** A call that stood for so long, in ms, was a good one: after it the pauses begin anew. */
const good = 10_000;

/** How long to wait before each new call. */
export class Pauses {
  #next = first;

  beginAnew() {
    this.#next = first;
  }

  /** The pause after a trouble; stood is how long the call had stood, in ms. */
  after(trouble: PhoneTrouble, stood: number): number {
    if (trouble.again === "later") return long;
    if (stood > good) this.beginAnew();
    const pause = this.#next;
    this.#next = Math.min(pause * 2, longest);
    return trouble === endedByLine ? Math.max(pause, news) : pause;
  }
}
