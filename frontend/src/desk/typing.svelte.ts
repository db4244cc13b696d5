import { type Backend, Refused, unanswered } from "../backend/backend";
import type { Bodies, Card, NoteKept, Sid } from "../backend/contract";
import { kept } from "../parts/kept.svelte";
import { clock } from "../picture/clock.svelte";
import type { View } from "../picture/view";
import { title } from "../picture/words";
import type { Notices } from "./notices.svelte";

/** What is typed of a caller who is screened, and its longest, in characters. */
export const written = [
  { name: "name", label: "Name", longest: 80 },
  { name: "location", label: "Place", longest: 80 },
  { name: "topic", label: "Point, in a few words", longest: 200 },
  { name: "notes", label: "Note for the host", longest: 500 },
  { name: "language", label: "Language", longest: 40 },
] as const;

export type Written = (typeof written)[number]["name"] | "rating";
const all: Written[] = [...written.map(({ name }) => name), "rating"];
type Texts = Partial<Record<Written, string>>;

/** A pause of the typing after which it is saved, and the longest that it is not saved, in ms. */
const pause = 400;
const longest = 1_500;
/** The pause before what Callin has not answered for is saved again, in ms. */
const again = 2_000;

/** As Callin keeps it: one line, without spaces around it. */
const plain = (text: string): string => text.replace(/\s+/g, " ").trim();

const has = (card: Card, field: Written): string => {
  if (field === "rating") return card.rating ? String(card.rating) : "";
  return card[field] ?? "";
};

/**
 * What one page types on one card. Each pause of the typing is saved. Two may type in one field: what is saved
 * later is what holds, and what it replaced of the other's is shown beside the field, to be used after all.
 */
export class CardTyping {
  readonly call: Sid;
  /** What stands in the fields. */
  text = $state<Record<Written, string>>(texts());
  /** What somebody's typing replaced, by field. */
  lost = $state<Texts>({});
  /** When it was saved last; undefined before. */
  savedAt = $state<number>();
  /** Why it is not saved. */
  error = $state<string>();
  readonly #save: Save;
  readonly #keep: () => void;
  /** What Callin has of it as far as this page knows, and what the picture says. */
  #known = $state(texts());
  #told = texts();
  /** What was sent, and has not come back by the feed. */
  #sent: Record<Written, string[]> = Object.fromEntries(all.map((f) => [f, []])) as never;
  #touched = new Set<Written>();
  #saving: Promise<void> | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #since: number | undefined;
  /** How far the picture has come, and what is saved by facts that it has not come to. */
  #seen = 0;
  #awaited: { seq: number; fields: Written[] }[] = [];

  constructor(card: Card, save: Save, keep: () => void = () => {}) {
    this.call = card.call;
    this.#save = save;
    this.#keep = keep;
    for (const field of all) this.text[field] = this.#known[field] = this.#told[field] = has(card, field);
  }

  /** The fields that Callin does not have as they stand here. */
  get unsaved(): Written[] {
    return all.filter((field) => plain(this.text[field]) !== plain(this.#known[field]));
  }

  /** What is not saved, and what Callin had when it was typed: kept for the page that comes after a reload. */
  get rest(): Record<string, { text: string; was: string }> {
    return Object.fromEntries(this.unsaved.map((f) => [f, { text: this.text[f], was: this.#known[f] }]));
  }

  type(field: Written, text: string) {
    this.text[field] = text;
    this.#touched.add(field);
    this.#soon(pause);
    this.#keep();
  }

  /** Puts back what another's typing replaced. */
  use(field: Written) {
    const { [field]: lost, ...others } = this.lost;
    if (lost === undefined) return;
    const now = this.text[field];
    this.lost = now ? { ...others, [field]: now } : others;
    this.type(field, lost);
  }

  dismiss(field: Written) {
    const { [field]: _, ...others } = this.lost;
    this.lost = others;
  }

  /** It is another desk that types from now on: what this one has not saved is not its own. */
  forget() {
    clearTimeout(this.#timer);
    this.#awaited = [];
    this.#touched.clear();
    this.lost = {};
    for (const field of all) {
      this.#sent[field] = [];
      this.text[field] = this.#known[field] = this.#told[field];
    }
  }

  /** Takes up what was typed on the page before. */
  restore(field: Written, { text, was }: { text: string; was: string }) {
    if (plain(text) === plain(this.#told[field])) return;
    if (plain(was) === plain(this.#told[field])) this.type(field, text);
    else this.#offer(field, text);
  }

  /** Takes in the card as it is by a fact of the picture's. */
  saw(card: Card, seq: number) {
    for (const field of all) {
      const value = has(card, field);
      if (value === this.#told[field]) continue;
      this.#told[field] = value;
      const own = this.#sent[field].findIndex((text) => plain(text) === plain(value));
      if (own >= 0) this.#sent[field].splice(0, own + 1);
      else this.#anothers(field, value);
    }
    this.#seen = seq;
    this.#settle();
  }

  /**
   * Somebody else has written it. What this page has not saved yet comes later and holds; whether what it has
   * just saved did, is known when the picture has come so far.
   */
  #anothers(field: Written, value: string) {
    const mine = this.text[field];
    if (plain(mine) === plain(value)) {
      this.#known[field] = value;
    } else if (plain(mine) !== plain(this.#known[field])) {
      this.#known[field] = value;
      this.#offer(field, value);
    } else if (this.#sent[field].length === 0) {
      if (this.#touched.has(field)) this.#offer(field, mine);
      this.text[field] = this.#known[field] = value;
    }
  }

  #offer(field: Written, text: string) {
    if (plain(text)) this.lost = { ...this.lost, [field]: text };
  }

  #soon(ms: number) {
    this.#since ??= performance.now();
    clearTimeout(this.#timer);
    const left = Math.max(0, longest - (performance.now() - this.#since));
    this.#timer = setTimeout(() => void this.flush(), Math.min(ms, left));
  }

  /** Saves what is not saved; resolves when that was done or refused. */
  async flush(): Promise<void> {
    clearTimeout(this.#timer);
    if (this.#saving) await this.#saving;
    const fields = this.unsaved;
    this.#since = undefined;
    if (fields.length === 0) return;
    this.#saving = this.#send(fields).finally(() => {
      this.#saving = undefined;
    });
    await this.#saving;
    if (this.unsaved.length && !this.error) this.#soon(pause);
  }

  async #send(fields: Written[]) {
    const now = Object.fromEntries(fields.map((f) => [f, plain(this.text[f])])) as Texts;
    const { rating, ...rest } = now;
    for (const field of fields) this.#sent[field].push(now[field] ?? "");
    try {
      const { seq } = await this.#save({
        call: this.call,
        ...(rest as Omit<Bodies["note"], "call" | "rating">),
        ...(rating !== undefined && { rating: Number(rating) }),
      });
      for (const field of fields) this.#known[field] = now[field] ?? "";
      this.savedAt = clock.now;
      this.error = undefined;
      this.#keep();
      this.#awaited.push({ seq, fields });
      this.#settle();
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      for (const field of fields) this.#sent[field] = [];
      this.error = error.message;
      if (error.code === unanswered.code) {
        this.error = "Callin does not answer. What you type is kept here and saved when it does.";
        this.#timer = setTimeout(() => void this.flush(), again);
      }
    }
  }

  /** A picture that has come as far as what was saved here shows what stands: that, or what was written over it since. */
  #settle() {
    const settled = this.#awaited.filter(({ seq }) => seq <= this.#seen);
    this.#awaited = this.#awaited.filter(({ seq }) => seq > this.#seen);
    for (const field of settled.flatMap(({ fields }) => fields)) {
      // It was saved again since, by a fact that is still to come.
      if (this.#awaited.some(({ fields }) => fields.includes(field))) continue;
      if (plain(this.text[field]) !== plain(this.#known[field])) continue;
      this.#sent[field] = [];
      const told = this.#told[field];
      if (plain(told) === plain(this.text[field])) continue;
      this.#offer(field, this.text[field]);
      this.text[field] = this.#known[field] = told;
    }
  }
}

/** Has Callin keep what was typed. */
type Save = (note: Bodies["note"]) => Promise<NoteKept>;

const texts = (): Record<Written, string> => Object.fromEntries(all.map((f) => [f, ""])) as never;

type Rests = Record<Sid, Record<string, { text: string; was: string }>>;
const nothing: { by: string; of: Rests } = { by: "", of: {} };

/** All that this page types on cards. */
export class Typing {
  readonly #backend: Backend;
  readonly #notices: Notices;
  readonly #cards = new Map<Sid, CardTyping>();
  /** What is not saved yet, for the page that comes after a reload; of one desk alone, whoever comes next in the tab. */
  readonly #rest = kept("callin.typing", nothing, sessionStorage);
  /** The desk that types here; empty until it is known. */
  #by = "";
  #left = false;

  constructor(backend: Backend, notices: Notices) {
    this.#backend = backend;
    this.#notices = notices;
  }

  /** What is typed on a card. */
  of(card: Card): CardTyping {
    let typing = this.#cards.get(card.call);
    if (!typing) {
      const save = (note: Bodies["note"]) => this.#backend.operate("note", note);
      typing = new CardTyping(card, save, () => this.#keep());
      this.#cards.set(card.call, typing);
    }
    return typing;
  }

  /** Takes in the cards as they now are: who has gone keeps what was typed. */
  saw({ cards, seq, station, you }: Pick<View, "cards" | "seq" | "station" | "you">) {
    const by = JSON.stringify([station.name, station.rehearsal, you]);
    this.#left = false;
    if (this.#by !== by) {
      for (const typing of this.#cards.values()) typing.forget();
      this.#by = by;
      this.#restore(cards);
    }
    if (this.#cards.size === 0) return;
    const now = new Map(cards.map((card) => [card.call, card]));
    for (const [call, typing] of this.#cards) {
      const card = now.get(call);
      if (card) typing.saw(card, seq);
      else void this.#gone(typing);
    }
  }

  /** This page is the desk's no more: nothing of what was typed stays for whoever comes next. */
  leave() {
    this.#left = true;
    this.#rest.value = nothing;
  }

  /** Callin answers again. */
  flush = () => Promise.all([...this.#cards.values()].map((typing) => typing.flush()));

  async #gone(typing: CardTyping) {
    this.#cards.delete(typing.call);
    if (typing.unsaved.length === 0) return;
    const who = title({ name: typing.text.name, number: "" });
    const called = who === "withheld" ? "The caller" : who;
    await typing.flush();
    this.#keep();
    this.#notices.tell(
      typing.error
        ? `${called} hung up while you typed, and the last words were not saved. ${typing.error}`
        : `${called} hung up while you typed. What was typed is kept in the record.`,
      "refused",
    );
  }

  #keep() {
    if (this.#left || !this.#by) return;
    const rests = [...this.#cards.values()].map((typing) => [typing.call, typing.rest] as const);
    const of = Object.fromEntries(rests.filter(([, rest]) => Object.keys(rest).length > 0));
    this.#rest.value = { by: this.#by, of };
  }

  #restore(cards: Card[]) {
    const { by, of } = this.#rest.value;
    if (by !== this.#by) this.#rest.value = nothing;
    for (const [call, rest] of by === this.#by ? Object.entries(of) : []) {
      const card = cards.find((c) => c.call === call);
      // Of who has hung up meanwhile the record still takes it.
      const typing = card ? this.of(card) : undefined;
      if (!typing) void this.#noteGone(call, rest);
      else for (const [field, typed] of Object.entries(rest)) typing.restore(field as Written, typed);
    }
  }

  async #noteGone(call: Sid, rest: Rests[Sid]) {
    const note = Object.fromEntries(
      Object.entries(rest).map(([f, { text }]) => [f, f === "rating" ? Number(text) : plain(text)]),
    );
    try {
      await this.#backend.operate("note", { call, ...note });
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      this.#notices.tell(
        `What was typed before the page was reloaded was not saved. ${error.message}`,
        "refused",
      );
    }
    this.#keep();
  }
}
