import type { Card, Farewell, Sid } from "../backend/contract";
import { Confirmation } from "../parts/confirmation.svelte";
import { deskWith } from "../picture/desks";
import { isHeld } from "../picture/lists";
import { names, title } from "../picture/words";
import type { Desk } from "./desk.svelte";

/** What a caller can be told at the end, as it stands on a button. */
export const farewells: { words: Farewell; label: string }[] = [
  { words: "", label: "Thank you" },
  { words: "full", label: "No time left today" },
  { words: "topic", label: "Another subject today" },
  { words: "another", label: "Please call another day" },
];

/** Why callers wait again, by one press. */
export const reasons = ["Bad line", "Not at the phone", "Wants to think"];

/** How long the feed may take to show what was just done, in ms. */
const follows = 8_000;
/** How long a second press that sends a caller to the answering machine is waited for, in ms. */
const sureWithin = 4_000;

/** Talking to callers off air, on the desk's own line. */
export class Screening {
  /** What is being chosen for the caller with this desk. */
  #choice = $state.raw<{ what: "back" | "goodbye" | "give"; of: Sid | undefined }>();
  /** Whose card is open without their being talked to. */
  opened = $state<Sid>();
  /** Whose card takes what is typed as soon as it is there. */
  typeOn: Sid | undefined;
  readonly leaving = new Confirmation(sureWithin);
  /** Somebody is being answered: the phone stays on the desk's own line. */
  #answering = $state(0);
  readonly #desk: Desk;

  constructor(desk: Desk) {
    this.#desk = desk;
  }

  /** Who is talked to off air; else who was put on hold there. */
  readonly current = $derived.by((): Card | undefined => this.#desk.store.mine[0]);
  /** The others whom this desk has. */
  readonly heldToo = $derived.by(() => this.#desk.store.mine.slice(1));
  /** Those who wait to be screened and are not being moved, in the order in which they are answered. */
  readonly waiting = $derived.by(() => this.#desk.store.aside.filter((c) => !c.move));
  /** Whose card is shown large. */
  readonly shown = $derived.by((): Card | undefined => this.current ?? this.#desk.store.card(this.opened));

  /** It is chosen for one caller: when another one is shown in their stead, for nobody. */
  get choosing() {
    return this.#choice?.of === this.shown?.call ? this.#choice?.what : undefined;
  }

  set choosing(what: "back" | "goodbye" | "give" | undefined) {
    this.#choice = what && { what, of: this.shown?.call };
  }
  readonly busy = $derived(this.#answering > 0);

  /** Why nobody can be answered now. */
  whyNotAnswered(card: Card | undefined): string | undefined {
    const { store, deskPhone } = this.#desk;
    const talking = store.mine.find((c) => c !== card && c.place.state !== "held");
    if (talking)
      return `You are talking to ${title(talking)}. Make them ready, send them back, or hold them first.`;
    const air = deskPhone.onAir;
    if (air.length)
      return `${names(air)} ${air.length > 1 ? "are" : "is"} on air with you, and this desk has one phone. Hold or drop them first, or let a producer's desk screen.`;
    if (deskPhone.airThere)
      return "This desk's phone is on air on another page, and this desk has one phone. Screen there, or take the phone here first.";
    if (!card) return "Nobody is waiting to be screened.";
    if (card.move) return `${title(card)} is being moved. Wait a moment.`;
    return undefined;
  }

  /** Who is on hold for the host and can be talked to: who has been for longest. */
  readonly onHold = $derived.by(() =>
    this.#desk.store.air
      .filter((c) => isHeld(c.place) && !c.move)
      .reduce<Card | undefined>((first, c) => (first && first.since <= c.since ? first : c), undefined),
  );

  /** Why the key that talks to who is on hold, or puts them back, does nothing. */
  whyNotTalked(): string | undefined {
    if (this.current?.fromHold)
      return this.current.move && `${title(this.current)} is being moved. Wait a moment.`;
    return this.onHold ? this.whyNotAnswered(this.onHold) : "Nobody is on hold.";
  }

  /** Talks off air to who is on hold for the host; again: puts them back. */
  async talkOrBack() {
    const { current, onHold } = this;
    if (current?.fromHold) await this.#desk.deeds.do("hold", current);
    else if (onHold) await this.talk(onHold);
  }

  /** Brings who is on hold for the host onto the desk's own line. */
  async talk(card: Card) {
    const why = this.whyNotAnswered(card);
    if (why) return this.#desk.notices.tell(why, "refused");
    await this.#while(() => this.#desk.deskPhone.with("own", () => this.#desk.deeds.do("talk", card)));
  }

  /** Brings a caller onto the desk's own line. */
  async answer(card: Card | undefined) {
    const why = this.whyNotAnswered(card);
    if (why || !card) return this.#desk.notices.tell(why ?? "", "refused");
    const { deeds, store } = this.#desk;
    const over = deeds.sure("answer", card);
    const other = deskWith(card) ?? store.picture?.you;
    // Whom another desk has is asked about before the phone goes anywhere.
    if (other !== store.picture?.you && !over) return void (await deeds.do("answer", card, {}, over));
    this.choosing = undefined;
    this.typeOn = card.call;
    await this.#while(async () => {
      await this.#desk.deskPhone.with("own", async () => {
        const done = await deeds.do("answer", card, {}, over);
        if (done) await this.#until(() => this.#desk.store.mine.some((c) => c.call === card.call));
      });
    });
  }

  answerNext = () => this.answer(this.waiting[0]);

  ready = (card = this.current) => card && this.#desk.deeds.do("ready", card);

  /** Makes who is talked to ready, and answers the next. */
  async readyNext() {
    const { current } = this;
    if (!current) return;
    await this.#while(async () => {
      const gone = () => !this.#desk.store.mine.some((c) => c.call === current.call);
      if ((await this.ready(current)) && (await this.#until(gone))) await this.answerNext();
    });
  }

  async holdOrResume(card = this.current) {
    if (!card) return;
    if (card.place.state !== "held") {
      await this.#desk.deeds.do("hold", card);
      return;
    }
    const why = this.whyNotAnswered(card);
    if (why) return this.#desk.notices.tell(why, "refused");
    await this.#desk.deskPhone.with("own", () => this.#desk.deeds.do("resume", card));
  }

  /** To those who wait to be screened, before or after the others. */
  async back(card: Card, reason: string) {
    this.choosing = undefined;
    await this.#desk.deeds.do("back", card, { reason });
  }

  /** After all who wait to be screened; of who is talked to, once they wait there. */
  async notNow(card: Card) {
    const { store } = this.#desk;
    const waits = () => store.card(card.call)?.place.kind === "queue";
    if (!waits()) {
      if (!(await this.#desk.deeds.do("back", card))) return;
      if (!(await this.#until(waits))) return;
    }
    await this.#desk.ask("notNow", { call: card.call });
  }

  goodbye(card: Card, farewell: Farewell) {
    this.choosing = undefined;
    return this.#desk.deeds.do("drop", card, { farewell });
  }

  async message(card: Card) {
    if (this.leaving.press(card.call)) await this.#desk.deeds.do("message", card);
  }

  give(card: Card, studio: string) {
    this.choosing = undefined;
    return this.#desk.deeds.do("give", card, { studio });
  }

  propose = (card: Card) => this.#desk.ask("propose", { call: card.call });

  /** A host's phone is back on the line that goes to air as soon as nobody is with it off air. */
  settle() {
    const { store, deskPhone } = this.#desk;
    if (this.busy || store.mine.length > 0 || !store.is("host")) return;
    if (deskPhone.phone.line === "own") void deskPhone.backToAir();
  }

  async #while(does: () => Promise<unknown>) {
    this.#answering++;
    try {
      await does();
    } finally {
      this.#answering--;
      this.settle();
    }
  }

  #until = (test: () => boolean) => this.#desk.store.until(test, follows);
}
