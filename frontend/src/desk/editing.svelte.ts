import { type Backend, Refused } from "../backend/backend";
import type { Card, Sid } from "../backend/contract";
import { title } from "../picture/words";
import type { Notices } from "./notices.svelte";

/** The fields of a card that are typed, and their longest, in characters. */
export const fields = [
  { name: "name", label: "Name", longest: 80 },
  { name: "location", label: "Location", longest: 80 },
  { name: "topic", label: "Topic", longest: 200 },
] as const;

export type Field = (typeof fields)[number]["name"];

export interface Draft {
  call: Sid;
  /** As the card was when the typing began. */
  before: Record<Field, string>;
  now: Record<Field, string>;
  /** The field that has, or had, the focus. */
  field: Field;
  saving: boolean;
  error?: string;
  wrong?: string;
}

/** How long "Saved" stands on a card, in ms. */
const savedFor = 2_500;

/**
 * What is being typed on a card. It is kept here and not in the card's form, so
 * that it survives the card's way to another list.
 */
export class Editing {
  draft = $state<Draft>();
  /** When a draft was last left, by performance.now(): who types on without looking does not press keys. */
  leftAt = Number.NEGATIVE_INFINITY;
  /** The card that was saved a moment ago. */
  saved = $state<Sid>();
  readonly #backend: Backend;
  readonly #notices: Notices;

  constructor(backend: Backend, notices: Notices) {
    this.#backend = backend;
    this.#notices = notices;
  }

  begin(card: Card) {
    if (this.draft?.call === card.call) return;
    const { name, location, topic } = card;
    const before = { name, location, topic };
    this.draft = {
      call: card.call,
      before,
      now: { ...before },
      field: name ? "topic" : "name",
      saving: false,
    };
  }

  cancel() {
    this.#leave();
  }

  #leave() {
    this.draft = undefined;
    this.leftAt = performance.now();
  }

  /** Saves what was changed; the draft stays until Callin has it on disk. */
  async save(): Promise<boolean> {
    const draft = this.draft;
    if (!draft || draft.saving) return false;
    const changed = fields.filter(({ name }) => draft.now[name].trim() !== draft.before[name]);
    if (changed.length === 0) {
      this.cancel();
      return true;
    }
    draft.saving = true;
    delete draft.error;
    delete draft.wrong;
    const note = Object.fromEntries(changed.map(({ name }) => [name, draft.now[name].trim()]));
    try {
      await this.#backend.operate("note", { call: draft.call, ...note });
    } catch (error) {
      draft.saving = false;
      if (!(error instanceof Refused)) throw error;
      draft.error = error.message;
      if (error.field) draft.wrong = error.field;
      return false;
    }
    if (this.draft === draft) this.#leave();
    this.saved = draft.call;
    setTimeout(() => {
      if (this.saved === draft.call) this.saved = undefined;
    }, savedFor);
    return true;
  }

  /** The card that is being edited has gone from the desk: what was typed stays with the call. */
  async gone() {
    const draft = this.draft;
    if (!draft || draft.saving) return;
    const who = title({ name: draft.now.name, number: "" });
    const called = who === "withheld" ? "The caller" : who;
    const saved = await this.save();
    if (!saved) this.#leave();
    this.#notices.tell(
      saved
        ? `${called} hung up while the card was being edited. What was typed is kept in the record.`
        : `${called} hung up while the card was being edited. What was typed was not saved.`,
      "refused",
    );
  }
}
