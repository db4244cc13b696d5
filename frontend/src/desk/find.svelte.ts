import type { Card } from "../backend/contract";
import { letFocusBe } from "./selection.svelte";

/** The cards of a queue that are shown, and the place of each in it, from 0. */
export interface Shown {
  cards: Card[];
  placeOf(index: number): number;
}

/** Who is looked for among those who wait; while nobody is, all are shown. */
export class Find {
  /** As it is typed. */
  text = $state("");
  readonly active = $derived(this.text.trim() !== "");
  readonly ready = $derived.by(() => this.#among(this.#ready()));
  readonly aside = $derived.by(() => this.#among(this.#aside()));
  readonly #ready: () => Card[];
  readonly #aside: () => Card[];
  #field: HTMLInputElement | undefined;

  constructor(ready: () => Card[], aside: () => Card[]) {
    this.#ready = ready;
    this.#aside = aside;
  }

  /** Takes the field that is typed into. */
  fieldIs = (field: HTMLInputElement) => {
    this.#field = field;
    return () => {
      this.#field = undefined;
    };
  };

  get focused(): boolean {
    return this.#field !== undefined && document.activeElement === this.#field;
  }

  begin() {
    letFocusBe();
    this.#field?.focus();
    this.#field?.select();
  }

  leave() {
    this.text = "";
    this.#field?.blur();
  }

  #among(cards: Card[]): Shown {
    const wanted = wantedBy(this.text);
    if (!wanted) return { cards, placeOf: (index) => index };
    const places: number[] = [];
    const found = cards.filter((card, place) => wanted(card) && places.push(place));
    return { cards: found, placeOf: (index) => places[index] ?? 0 };
  }
}

/**
 * Whether a card is meant: every word is in its name, location (or area, for want of one) or topic, or what is typed is a part
 * of its number, with any spaces and signs, and with or without the 0 before a number of one's own country.
 */
function wantedBy(text: string): ((card: Card) => boolean) | undefined {
  const words = plain(text).split(/\s+/).filter(Boolean);
  if (words.length === 0) return undefined;
  const digits = /^[\d\s()+./-]+$/.test(text) ? text.replace(/\D/g, "") : "";
  const local = digits.replace(/^0+/, "");
  return (card) => {
    const said = saidBy(card);
    if (words.every((word) => said.includes(word))) return true;
    return digits !== "" && (card.number.includes(digits) || (local !== "" && card.number.includes(local)));
  };
}

/** Cards do not change, they are replaced. */
const saidByCards = new WeakMap<Card, string>();

function saidBy(card: Card): string {
  let said = saidByCards.get(card);
  if (said === undefined) {
    said = plain(`${card.name}\n${card.location || (card.area ?? "")}\n${card.topic}`);
    saidByCards.set(card, said);
  }
  return said;
}

/** Small letters without their accents. */
const plain = (text: string): string => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
