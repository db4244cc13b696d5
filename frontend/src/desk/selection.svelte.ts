import type { Card, Sid } from "../backend/contract";
import { settle } from "../parts/hand";

/** The card that the keys of the selected caller are for. */
export class Selection {
  /** Stays when its card has gone, until another one is selected. */
  call = $state<Sid>();
  /** The cards that can be selected, in the order in which they are shown. */
  readonly #shown: () => Card[];
  /** Its place among them when it was selected. */
  #at = 0;
  /** When the desk moved it by itself. */
  #movedAt = Number.NEGATIVE_INFINITY;

  constructor(shown: () => Card[]) {
    this.#shown = shown;
  }

  /** Its card, while that is shown. */
  get card(): Card | undefined {
    return this.#shown().find((c) => c.call === this.call);
  }

  select(call: Sid) {
    this.call = call;
    this.#at = this.#shown().findIndex((c) => c.call === call);
  }

  /** Goes on to another card by itself: the one that was selected has gone, or is done with. */
  goOn(call: Sid) {
    this.select(call);
    this.#movedAt = performance.now();
  }

  /** A key that is pressed now was meant for the card that was selected before. */
  get hasJustMoved(): boolean {
    return performance.now() - this.#movedAt < settle;
  }

  /** Selects the card that the keyboard's focus came to. */
  focused(event: FocusEvent, call: Sid) {
    if (event.target instanceof Element && event.target.matches(":focus-visible")) this.select(call);
  }

  /**
   * Selects the card that a pointer was pressed on, when the press is over: the key caps that come
   * with the selection would move the button from under it.
   */
  pressed(call: Sid) {
    setTimeout(() => this.select(call));
  }

  /** Selects the card above or below and gives it the focus; false when nobody is shown. */
  step(by: -1 | 1): boolean {
    this.#movedAt = Number.NEGATIVE_INFINITY;
    const shown = this.#shown();
    const at = shown.findIndex((c) => c.call === this.call);
    // A selected card that has gone leaves its place to the one that follows.
    const to = at >= 0 ? at + by : by > 0 ? this.#at : this.#at - 1;
    const card = shown[Math.max(0, Math.min(to, shown.length - 1))];
    if (!card) return false;
    this.go(card.call);
    return true;
  }

  /** Selects a card and gives it the focus. */
  go(call: Sid) {
    this.select(call);
    void focusCard(call);
  }
}

/** How many frames a row of a long list may take to be rendered and measured. */
const mostFrames = 20;
let wanted: Sid | undefined;

/** Gives the focus to a card's own button, once its row is there. */
export async function focusCard(call: Sid) {
  wanted = call;
  for (let frame = 0; wanted === call && !focusNow(call) && frame < mostFrames; frame++)
    await new Promise(requestAnimationFrame);
}

/** The focus has gone elsewhere on purpose: no card that is still awaited takes it. */
export function letFocusBe() {
  wanted = undefined;
}

function focusNow(call: Sid): boolean {
  const button = document.querySelector<HTMLElement>(`[data-card="${CSS.escape(call)}"]`);
  if (!button) return false;
  button.focus();
  button.closest("li")?.scrollIntoView({ block: "nearest" });
  // A row that is not measured yet is hidden: it loses the focus as soon as the page is drawn.
  return document.activeElement === button && getComputedStyle(button).visibility !== "hidden";
}
