import type { Card, Sid } from "../backend/contract";
import { settle } from "../parts/hand";
import { isTalking } from "../picture/lists";
import { title } from "../picture/words";
import type { Row } from "./heldstill.svelte";

/** How long after a change of what Next does a press is still for what it did before, in ms: eyes are no faster. */
const seenAfter = 250;
/** How many callers have a number key. */
const numbered = 9;

interface Numbered {
  call: Sid;
  title: string;
}

/** What the desk has shown for long enough to be meant by a press. */
export class Shown {
  /** Who has a number now, and who had it before the list moved a moment ago. */
  #now: Numbered[] = [];
  #before: Numbered[] = [];
  #movedAt = Number.NEGATIVE_INFINITY;
  /** What Next does has changed just now: a press would be for what it did before. */
  changing = $state(false);
  #next = "";
  #seen: ReturnType<typeof setTimeout> | undefined;
  #pressedAt = Number.NEGATIVE_INFINITY;

  /** Takes in the rows of those who are ready, as they are shown from now on. */
  sawRows(rows: Row[]) {
    const at = performance.now();
    const now: Numbered[] = [];
    for (const { card, at: place } of rows.slice(0, numbered))
      if (place < numbered) now[place] = { call: card.call, title: title(card) };
    const moved = this.#now.some(({ call }, i) => call !== now[i]?.call);
    if (moved && at - this.#movedAt >= settle) this.#before = this.#now;
    if (moved) this.#movedAt = at;
    this.#now = now;
  }

  /** Takes in what Next does from now on. */
  saw(next: Card | undefined, air: Card[]) {
    const at = performance.now();
    const does = [next?.call, ...dropped(air)].join(" ");
    if (does === this.#next) return;
    this.#next = does;
    this.#change(Math.max(seenAfter, settle - (at - this.#pressedAt)));
  }

  #change(ms: number) {
    this.changing = true;
    clearTimeout(this.#seen);
    this.#seen = setTimeout(() => {
      this.changing = false;
    }, ms);
  }

  /** Whom a number key means, from 1: while the list has just moved, who had the number before. */
  numbered(n: number): Numbered | undefined {
    const moving = performance.now() - this.#movedAt < settle;
    return (moving ? this.#before[n - 1] : undefined) ?? this.#now[n - 1];
  }

  /** Whether a press of Next is a press of its own, and what it does could be seen. */
  pressNext(): "own" | "doubled" | "unseen" {
    const at = performance.now();
    if (at - this.#pressedAt < settle) return "doubled";
    if (this.changing) return "unseen";
    this.#pressedAt = at;
    this.#change(settle);
    return "own";
  }
}

/** Whom Next drops. */
export const dropped = (air: Card[]): Sid[] =>
  air.filter((c) => isTalking(c.place) && !c.locked && !c.move).map((c) => c.call);
