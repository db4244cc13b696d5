import type { Card, Sid } from "../backend/contract";
import { settle } from "../parts/hand";
import { howLeft } from "../picture/words";
import type { Shown } from "./find.svelte";

/** For how long a list is held for a pointer that is on it and does nothing, in ms: one that is parked there may not be looked at. */
const stillFor = 4_000;

/** Keys that go through a list or leave it; and those that are only held for another one. */
const moves = /^(Arrow|Home|End|Page|Tab|Escape)/;
const modifiers = new Set(["Alt", "AltGraph", "Control", "Meta", "Shift"]);

/** A place in a list, as it is shown. */
export interface Row {
  card: Card;
  /** The number that it shows, from 0. */
  at: number;
  /** How the caller left whose place is kept. */
  gone?: string;
}

/**
 * A list whose rows keep their places under a hand: while a pointer rests on it, and while a button or a
 * key is held down in it. Who leaves meanwhile keeps their place, who comes is added at the end.
 */
export class HeldStill {
  held = $state(false);
  readonly rows: Row[] = $derived.by(() => {
    const shows = this.#ownHasMoved();
    this.#last = this.held && !shows ? this.#keptInPlace() : rowsOf(this.#now());
    return this.#last;
  });
  /** What has changed and is not shown yet, in words. */
  readonly waits = $derived.by(() => (this.held ? whatWaits(this.rows, this.#now().cards) : ""));

  readonly #now: () => Shown;
  readonly #everybody: () => Card[];
  #last: Row[] = [];
  #pressed = new Set<string | number>();
  #resting: ReturnType<typeof setTimeout> | undefined;
  #pointer = "";
  #own: Sid | undefined;

  /** now is the list as it truly is; everybody is where those are who have left it. */
  constructor(now: () => Shown, everybody: () => Card[]) {
    this.#now = now;
    this.#everybody = everybody;
  }

  /** Watches the hand in the list. */
  watch = (list: HTMLElement) => {
    const end = new AbortController();
    const { signal } = end;
    const released = (event: PointerEvent) => {
      if (!this.#pressed.delete(event.pointerId)) return;
      const rests = event.pointerType !== "touch" && list.contains(event.target as Node);
      this.#rest(rests ? stillFor : settle); // a doubled tap is for the same row
    };
    list.addEventListener("pointermove", this.#moved, { signal });
    list.addEventListener("wheel", () => this.#rest(stillFor), { signal, passive: true });
    list.addEventListener("pointerleave", this.#left, { signal });
    list.addEventListener("pointerdown", this.#down, { signal });
    list.addEventListener("keydown", this.#keyed, { signal });
    addEventListener("pointerup", released, { signal, capture: true });
    addEventListener("pointercancel", released, { signal, capture: true });
    addEventListener("keyup", this.#keysUp, { signal, capture: true });
    addEventListener("blur", this.letGo, { signal });
    return () => {
      end.abort();
      this.letGo();
    };
  };

  /** Shows the list as it is, unless something is held down in it: whoever moves in it wants to see it so. */
  settle = () => {
    clearTimeout(this.#resting);
    this.#resting = undefined;
    this.#update();
  };

  /** Shows the list as it is, whatever is held down. */
  letGo = () => {
    this.#pressed.clear();
    this.settle();
  };

  /** One's own change of a caller's place is shown as soon as it is made. */
  shows(call: Sid | undefined) {
    this.#own = call;
  }

  #moved = ({ pointerType, screenX, screenY }: PointerEvent) => {
    // Rows that move under a pointer are no movement of its own.
    const pointer = `${screenX} ${screenY}`;
    if (pointerType === "touch" || pointer === this.#pointer) return;
    this.#pointer = pointer;
    this.#rest(stillFor);
  };

  #down = ({ button, pointerId }: PointerEvent) => {
    // Of other buttons some systems do not say when they are released: over the menu that they open.
    if (button === 0) this.#press(pointerId);
  };

  #left = ({ pointerType }: PointerEvent) => {
    if (pointerType !== "touch") this.settle(); // a finger that is lifted leaves, too
  };

  #keyed = ({ key, code, ctrlKey, metaKey }: KeyboardEvent) => {
    // Of a key that is pressed with these some systems do not say when it is released.
    if (!moves.test(key) && !modifiers.has(key) && !ctrlKey && !metaKey) this.#press(code);
  };

  #keysUp = () => {
    for (const what of this.#pressed) if (typeof what === "string") this.#pressed.delete(what);
    this.#update();
  };

  #press(what: string | number) {
    this.#pressed.add(what);
    this.#update();
  }

  #rest(ms: number) {
    clearTimeout(this.#resting);
    this.#resting = setTimeout(this.settle, ms);
    this.#update();
  }

  #update() {
    this.held = this.#resting !== undefined || this.#pressed.size > 0;
  }

  /** Whether one's own change of a place has come; it is then awaited no more. */
  #ownHasMoved(): boolean {
    const own = this.#own;
    const before = own && this.#last.find((row) => row.card.call === own);
    const after = before && this.#now().cards.find((card) => card.call === own);
    if (!after || after.rank === before.card.rank) return false;
    this.#own = undefined;
    return true;
  }

  /** The rows as they were, with what is now known of each; who has come follows them. */
  #keptInPlace(): Row[] {
    const { cards, placeOf } = this.#now();
    const index = new Map(cards.map((card, at) => [card.call, at]));
    let others: Map<Sid, Card> | undefined;
    const rows = this.#last.map((row): Row => {
      const { card, at } = row;
      const now = cards[index.get(card.call) ?? -1];
      index.delete(card.call);
      if (now) return now === card && !row.gone ? row : { card: now, at };
      if (row.gone) return row;
      others ??= new Map(this.#everybody().map((one) => [one.call, one]));
      const other = others.get(card.call);
      const left = howLeft(card.place, other?.place);
      if (left) return { card, at, gone: left };
      return { card: other ?? card, at }; // a find that means somebody else now has not moved them
    });
    for (const at of index.values()) {
      const card = cards[at];
      if (card) rows.push({ card, at: Math.max(placeOf(at), (rows.at(-1)?.at ?? -1) + 1) });
    }
    return rows;
  }
}

const rowsOf = ({ cards, placeOf }: Shown): Row[] => cards.map((card, at) => ({ card, at: placeOf(at) }));

function whatWaits(rows: Row[], cards: Card[]): string {
  const gone = rows.filter((row) => row.gone).length;
  const there = rows.filter((row) => !row.gone);
  const ordered = cards.every((card, at) => card.call === there[at]?.card.call);
  return [gone ? `${gone} gone` : "", ordered ? "" : "another order"].filter(Boolean).join(", ");
}
