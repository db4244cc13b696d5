import type { Card, Sid } from "../backend/contract";
import type { Row } from "./heldstill.svelte";

/** So near to the edge of the list, in px, it scrolls, and at most so far in a frame. */
const edge = 48;
const fastest = 18;

/** What a drag is done in, and what comes of it. */
interface Order {
  rows(): Row[];
  /** Why a caller's row is not dragged, or not any more. */
  whyNot(row: Row): string | undefined;
  /** Puts a caller before another one, or last. */
  drop(card: Card, before: Card | undefined): void;
  tell(words: string): void;
}

/** A row that is dragged to another place of its list. */
export class Dragging {
  /** Who is dragged. */
  call = $state<Sid>();
  /** The index of the row that they would come before; undefined while they would stay. */
  to = $state<number>();
  readonly #order: Order;
  #list: HTMLElement | undefined;
  #y = 0;
  #end = new AbortController();

  constructor(order: Order) {
    this.#order = order;
  }

  /** Takes hold of a caller's row. */
  begin(event: PointerEvent, call: Sid, list: HTMLElement) {
    if (event.button !== 0 || this.call !== undefined) return;
    event.preventDefault(); // no text is selected, and the focus stays
    this.call = call;
    if (!this.#follows()) return;
    this.#list = list;
    this.#y = event.clientY;
    const { pointerId } = event;
    list.setPointerCapture(pointerId);
    this.#end = new AbortController();
    const { signal } = this.#end;
    // Another finger on the list does nothing to the drag.
    const on = (kind: "pointermove" | "pointerup" | "lostpointercapture", does: (y: number) => void) =>
      list.addEventListener(kind, (own) => own.pointerId === pointerId && does(own.clientY), { signal });
    on("pointermove", (y) => this.#moved(y));
    on("pointerup", (y) => this.#drop(y));
    on("lostpointercapture", () => this.cancel());
    addEventListener("blur", () => this.cancel(), { signal });
    addEventListener("keydown", this.#keyed, { signal, capture: true });
    requestAnimationFrame(() => this.#scroll(signal));
  }

  /** Ends the drag when there is nothing to drag any more, with words. */
  follow() {
    if (this.call !== undefined) this.#follows();
  }

  cancel() {
    this.call = undefined;
    this.to = undefined;
    this.#end.abort();
  }

  #keyed = (event: KeyboardEvent) => {
    if (event.key !== "Escape") return;
    event.preventDefault();
    event.stopPropagation(); // nothing else is left by it
    this.cancel();
  };

  #follows(): boolean {
    const row = this.#row();
    const why = row ? this.#order.whyNot(row) : "";
    if (why !== undefined) this.cancel();
    if (why) this.#order.tell(why);
    return why === undefined;
  }

  #row = () => this.#order.rows().find((row) => row.card.call === this.call);

  #moved(y: number) {
    this.#y = y;
    this.#aim();
  }

  #drop(y: number) {
    this.#moved(y);
    const { to } = this;
    const card = this.#row()?.card;
    this.cancel();
    if (card && to !== undefined) this.#order.drop(card, this.#following(to, card));
  }

  /** Who is there from an index on, but the one who is dragged. */
  #following = (index: number, card: Card): Card | undefined =>
    this.#order
      .rows()
      .slice(index)
      .find((row) => !row.gone && row.card.call !== card.call)?.card;

  /** The part of the list that can be seen. */
  #seen(list: HTMLElement) {
    const { top, bottom } = list.getBoundingClientRect();
    return { top: Math.max(top, 0), bottom: Math.min(bottom, innerHeight) };
  }

  #aim() {
    const list = this.#list;
    const card = this.#row()?.card;
    if (!list || !card) return;
    const { top, bottom } = this.#seen(list);
    const y = Math.max(top, Math.min(this.#y, bottom));
    const rows = this.#order.rows();
    let to = 0;
    for (const item of list.querySelectorAll("li")) {
      const box = item.getBoundingClientRect();
      if (y > box.top + box.height / 2) to = Math.max(to, Number(item.getAttribute("aria-posinset")));
    }
    const own = rows.findIndex((row) => row.card.call === card.call);
    const stays = this.#following(to, card) === this.#following(own, card);
    this.to = stays ? undefined : to;
  }

  /** Scrolls while the pointer is at an edge of the list. */
  #scroll(signal: AbortSignal) {
    const list = this.#list;
    if (!list || signal.aborted) return;
    const { top, bottom } = this.#seen(list);
    const over = Math.max(top + edge - this.#y, 0) - Math.max(this.#y - (bottom - edge), 0);
    if (over) {
      list.scrollTop -= fastest * Math.max(-1, Math.min(over / edge, 1));
      this.#aim();
    }
    requestAnimationFrame(() => this.#scroll(signal));
  }
}
