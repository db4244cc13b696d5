import { type Backend, Refused } from "../backend/backend";
import type { Bodies, Card, Results } from "../backend/contract";
import { Confirmation } from "../parts/confirmation.svelte";
import type { Notices } from "./notices.svelte";

/** The operations on one caller that another desk may have. */
export type Deed =
  | "take"
  | "deck"
  | "lane"
  | "hold"
  | "resume"
  | "answer"
  | "talk"
  | "ready"
  | "back"
  | "message"
  | "give"
  | "drop";

/** How long the second press that takes a caller from another desk is waited for, in ms. */
const sureWithin = 6_000;

/** What is done with callers: one whom another desk has is taken from it by a second press only. */
export class Deeds {
  readonly #over = new Confirmation(sureWithin);
  readonly #backend: Backend;
  readonly #notices: Notices;

  constructor(backend: Backend, notices: Notices) {
    this.#backend = backend;
    this.#notices = notices;
  }

  /** Whether another desk has the caller and a second press takes them over. */
  asks = (op: Deed, card: Card): boolean => this.#over.awaited === key(op, card);

  /** Whether this press is the second one that takes the caller over. */
  sure = (op: Deed, card: Card): boolean => this.asks(op, card) && this.#over.press(key(op, card));

  /** Does it; undefined when it was refused, which is then said. */
  async do<D extends Deed>(
    op: D,
    card: Card,
    more: Partial<Bodies[D]> = {},
    over = this.sure(op, card),
  ): Promise<Results[D] | undefined> {
    const body = { ...here(card), ...more, ...(over && { over }) } as Bodies[D];
    try {
      return (await this.#backend.operate(op, body)) as Results[D];
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      if (error.code === "anothers" && !this.asks(op, card)) this.#over.press(key(op, card));
      this.#notices.tell(error.message, "refused");
      return undefined;
    }
  }
}

const key = (op: Deed, card: Card): string => `${op} ${card.call}`;

/** A caller, and where this desk showed them: Callin leaves one alone who is elsewhere. */
export const here = (card: Card) => ({ call: card.call, at: card.place });
