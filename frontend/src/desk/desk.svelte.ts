import { getContext, setContext, tick } from "svelte";
import { answers } from "../backend/answers";
import { type Backend, type FeedState, Refused } from "../backend/backend";
import type {
  Bodies,
  Card,
  Change,
  Operation,
  Result,
  Sid,
  StationNow,
  UpdateNow,
} from "../backend/contract";
import { Confirmation } from "../parts/confirmation.svelte";
import { kept } from "../parts/kept.svelte";
import type { Phone } from "../phone/phone.svelte";
import { clock } from "../picture/clock.svelte";
import { Gathered } from "../picture/gathered";
import { isDeck, isHeld, isTalking, orderBefore } from "../picture/lists";
import { PictureStore } from "../picture/store.svelte";
import { Announcer } from "./announcer.svelte";
import { Chat } from "./chat.svelte";
import { Covers } from "./covers.svelte";
import { Deeds, here } from "./deeds.svelte";
import { DeskPhone } from "./deskphone.svelte";
import { Dragging } from "./dragging.svelte";
import { Editing } from "./editing.svelte";
import { Find } from "./find.svelte";
import { HeldStill } from "./heldstill.svelte";
import { KeyChange } from "./keychange.svelte";
import { keySet } from "./keyset.svelte";
import { Notices } from "./notices.svelte";
import { OwnSounds } from "./ownsounds.svelte";
import { OwnWindow } from "./ownwindow.svelte";
import { Screening } from "./screening.svelte";
import { focusCard, Selection } from "./selection.svelte";
import { dropped, Shown } from "./shown.svelte";
import { Stage } from "./stage.svelte";
import { Studios } from "./studios.svelte";
import { Typing } from "./typing.svelte";
import { whyNotDragged } from "./whynot";

/** How long the second press that closes the show is waited for, in ms. */
const sureWithin = 3_000;

/** What a person at the desk can do, whichever way they ask for it. */
export class Desk {
  readonly backend: Backend;
  /** This page is in a browser, not in Callin's own window. */
  readonly inBrowser: boolean;
  readonly covers = new Covers();
  readonly announcer = new Announcer(() => this.covers.top);
  readonly notices = new Notices((text, kind) => {
    if (kind === "alert") this.announcer.interrupt(text);
    else this.announcer.say(text, kind === "answered");
  });
  /** Is told the name of the question when the station asks what this page finds of itself. */
  onLook: (look: string) => void = () => {};
  readonly store = new PictureStore(
    (notice) => this.notices.tell(notice.message),
    (look) => this.onLook(look),
  );
  readonly stage: Stage;
  readonly deskPhone: DeskPhone;
  readonly phone: Phone;
  readonly editing: Editing;
  readonly typing: Typing;
  readonly deeds: Deeds;
  readonly screening: Screening;
  readonly chat: Chat;
  readonly studios: Studios;
  readonly ownSounds: OwnSounds;
  /** Callin's own window; undefined in a browser. */
  readonly window: OwnWindow | undefined;
  readonly shown = new Shown();
  readonly find = new Find(
    () => this.store.ready,
    () => this.store.aside,
  );
  /** The lists of those who wait, as they are shown. */
  readonly lists = {
    ready: new HeldStill(
      () => this.find.ready,
      () => this.store.cards,
    ),
    aside: new HeldStill(
      () => this.find.aside,
      () => this.store.cards,
    ),
  };
  /** Of those who are ready, in their list. */
  readonly dragging = new Dragging({
    rows: () => this.lists.ready.rows,
    whyNot: (row) => whyNotDragged(this, row),
    drop: (card, before) => this.#order(card, before?.call),
    tell: (words) => this.notices.tell(words, "refused"),
  });
  readonly selection = new Selection(() => [
    ...this.store.air,
    ...this.find.ready.cards,
    ...this.find.aside.cards,
  ]);
  /** Of closing the show. */
  readonly closing = new Confirmation(sureWithin);
  /** Of taking the account's calls from another Callin. */
  readonly takingOver = new Confirmation(sureWithin);

  feed = $state<FeedState | "connecting">("connecting");
  /** The station elsewhere that this PC is a desk of, if it is one. */
  station = $state<StationNow>();
  /** Newer versions of this computer's Callin, where this page is of that. */
  update = $state<UpdateNow>();
  /** This browser was signed out: Callin does nothing that it asks for. */
  readonly signedOut = $derived(this.feed === "no_key");
  /** The station's door wants a code: until this page is a desk, also while the station does not answer. */
  atDoor = $state(false);
  /** A desk was signed in here before. */
  readonly wasSignedOut = kept("callin.wasSignedOut", false, sessionStorage);
  keysShown = $state(false);
  desksShown = $state(false);
  setupShown = $state(false);
  /** The station begins again for the set-up, whose page says so: what fails meanwhile is no news over it. */
  beginsAgain = $state(false);
  doctorShown = $state(false);
  costsShown = $state(false);
  updateShown = $state(false);
  recordShown = $state(false);
  waitsShown = $state(false);
  /** The show that the record is open at. */
  recordOf = $state<number>();
  /** The show whose sheet is open: by its number, or the last one. */
  sheetOf = $state<number | "last">();
  #sheetDue = $state(false);
  /** A show has closed and its sheet can open: nobody is on air, nothing is being typed, nothing else covers the desk. */
  readonly sheetOpens = $derived.by(
    () => this.#sheetDue && this.store.air.length === 0 && !this.editing.draft && !this.covered,
  );
  readonly keyChange = new KeyChange(keySet);
  /** A reload waits until the page's address answers. */
  #reloads = false;

  constructor(backend: Backend) {
    this.backend = backend;
    this.inBrowser = backend.openBrowser === undefined;
    this.stage = new Stage((op, body) => this.ask(op, body));
    this.deskPhone = new DeskPhone(backend, this.store, this.notices, () => this.#reload());
    this.phone = this.deskPhone.phone;
    this.editing = new Editing(backend, this.notices);
    this.typing = new Typing(backend, this.notices);
    this.deeds = new Deeds(backend, this.notices);
    this.screening = new Screening(this);
    this.chat = new Chat(this);
    this.studios = new Studios(this);
    this.window = backend.window && new OwnWindow(backend.window);
    this.ownSounds = new OwnSounds(backend, this.notices, () => this.deskPhone.isLive);
    this.announcer.aloud = (text) => this.ownSounds.say(text);
    this.announcer.onRing = () => this.ownSounds.ring();
  }

  attach(): () => void {
    const changes = new Gathered<Change>((all) => this.#onChanges(all));
    return this.backend.attach({
      onPicture: (picture) => {
        changes.flush();
        this.store.onPicture(picture);
        if (this.wasSignedOut.value) this.wasSignedOut.value = false;
        this.atDoor = false;
        this.studios.work();
        this.#saw();
        this.deskPhone.onPicture();
      },
      onChange: (change) => changes.add(change),
      onStage: this.stage.onStage,
      onUpdate: (update) => {
        this.update = update;
      },
      onState: (state, station) => {
        changes.flush();
        // A PC that has just been paired begins as a desk: with what a desk's page may connect to.
        if (this.station?.words && station && !station.words && !station.ended) location.reload();
        this.station = station;
        const back = this.feed !== "connecting" && state === "live";
        this.feed = state;
        if (state === "no_session") this.atDoor = true;
        if (state !== "live") this.store.onLost();
        if (back) this.deskPhone.lanes.callinIsBack();
        if (back) void this.typing.flush();
        if (state === "no_session" || state === "no_key" || state === "ended") this.typing.leave();
        if (state === "no_session" && this.store.picture) this.#leave();
      },
    });
  }

  /** What this desk was shown is no longer for it: nothing of it stays, and its phone ends. */
  #leave() {
    this.wasSignedOut.value = true;
    location.reload();
  }

  #onChanges(changes: Change[]) {
    const { picture } = this.store;
    this.store.onChanges(changes);
    this.#saw();
    let before = picture?.show.state;
    for (const { seq, studios } of changes) {
      const show = studios?.find((s) => s.id === picture?.studio.id)?.show;
      if (!picture || seq <= picture.seq || !show || show.state === before) continue;
      this.#sheetDue = before === "closing" && show.state === "closed";
      before = show.state;
    }
    this.deskPhone.onChange();
  }

  /** Puts a text on the clipboard; throws where this page may not. */
  copy = (text: string): Promise<void> => this.window?.copy(text) ?? navigator.clipboard.writeText(text);

  /** Asks for an operation; undefined when it was refused, which is then said. */
  async ask<O extends Operation>(op: O, body: Bodies[O]): Promise<Result<O> | undefined> {
    try {
      return await this.backend.operate(op, body);
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      this.notices.tell(error.message, "refused");
      return undefined;
    }
  }

  /** What is being typed is not thrown away: then the phone says what to do. The station may have gone meanwhile. */
  async #reload() {
    if (this.#reloads) return;
    this.#reloads = true;
    await answers();
    this.#reloads = false;
    if (!this.editing.draft) location.reload();
  }

  #saw() {
    this.shown.saw(this.store.next, this.store.air);
    if (this.store.picture) this.typing.saw(this.store.picture);
    this.screening.settle();
    if (this.store.picture) this.announcer.saw(this.store.picture);
    this.notices.review();
  }

  // --- on air

  /** Takes whom the desk shows as next. In direct mode it is the phone's *. */
  async next() {
    if (this.store.line?.direct && this.store.is("host")) return this.nextDirect();
    const press = this.shown.pressNext();
    if (press === "unseen")
      this.notices.tell(
        "Next changed at that moment, so nobody was taken. Look, then press again.",
        "refused",
      );
    if (press !== "own") return;
    const expect = this.store.picture?.next;
    const drops = dropped(this.store.air);
    await this.deskPhone.with("air", () =>
      this.deskPhone.lanes.onto((lane) => this.ask("next", { ...(expect && { expect }), drops, ...lane })),
    );
  }

  /** The * that brings the next caller: of this page's phone, or of a telephone. */
  nextDirect() {
    if (this.store.line?.telephone) {
      this.notices.tell("Press * on the telephone: it brings the next caller.", "refused");
    } else this.phone.nextDirect();
  }

  take = (card: Card) => this.#toLine("take", card);
  deck = (card: Card) => this.#toLine("deck", card);
  #toLine(op: "take" | "deck", card: Card) {
    return this.deskPhone.with("air", () =>
      this.deskPhone.lanes.onto((lane) => this.deeds.do(op, card, card.place.kind === "line" ? {} : lane)),
    );
  }

  drop = (card: Card) => this.deeds.do("drop", card);
  /** Whose fader the keys move: the selected caller's if they are on air, else the current one's. */
  get onFader(): Card | undefined {
    const { air, current } = this.store;
    const on = air.find((c) => c.call === this.selection.call) ?? current;
    return on && isTalking(on.place) ? on : undefined;
  }

  /** Whom the key moves to another lane: the selected caller if they are on one, else the current one. */
  get onALane(): Card | undefined {
    const { air, current } = this.store;
    const on = air.find((c) => c.call === this.selection.call) ?? current;
    return on?.place.kind === "line" ? on : undefined;
  }

  /** Moves a caller to the lane that is shown beside them. */
  toLane(card: Card) {
    const { lanes } = this.deskPhone;
    const to = lanes.other(lanes.at(card.place.name));
    return lanes.onto((lane) => this.deeds.do("lane", card, lane), to);
  }

  lock = (card: Card) => this.ask("lock", { call: card.call, on: !card.locked });
  undo = (call: Sid) => this.ask("undo", { call });

  holdOrResume = (card: Card) =>
    isHeld(card.place)
      ? this.deskPhone.with("air", () => this.deeds.do("resume", card))
      : this.deeds.do("hold", card);

  async bringBack() {
    const line = this.store.line;
    if (line && this.store.lost.length)
      await this.deskPhone.with("air", () =>
        this.deskPhone.withLanes(() => this.ask("bringBack", { line: line.name })),
      );
  }

  /** Writes onto a card what was typed when its number rang before. */
  useBefore = (card: Card) =>
    card.before ? this.ask("note", { call: card.call, ...card.before }) : undefined;

  // --- queues

  /** Shows both lists as they are: who moves in them means them so. */
  settle() {
    this.lists.ready.settle();
    this.lists.aside.settle();
  }

  /** Shows what is found, whatever is held down: the find is what is meant now. */
  letGo() {
    this.lists.ready.letGo();
    this.lists.aside.letGo();
  }

  /** Selects the first or the last card of the selected one's list; of the ready ones, if none is. */
  selectEnd(end: 0 | -1) {
    const lists = [this.store.air, this.find.aside.cards];
    const its = lists.find((cards) => cards.some((card) => card.call === this.selection.call));
    const card = (its ?? this.find.ready.cards).at(end);
    if (card) this.selection.go(card.call);
  }

  /** Shows all who wait again; the keyboard stays with the selected one. */
  async leaveFind() {
    this.find.leave();
    this.letGo();
    await tick();
    if (this.find.focused) return; // it has begun again
    const { card } = this.selection;
    if (card) await focusCard(card.call);
  }

  /** From the queue that feeds the air to another, or the other way. */
  aside = (card: Card) => {
    const [air, ...others] = this.store.queues;
    const queue = card.place.kind === "queue" && card.place.name !== air ? air : others[0];
    return queue ? this.ask("move", { ...here(card), queue }) : undefined;
  };

  /** Those who wait in one queue with a caller, in order. */
  queueOf = (card: Card): Card[] =>
    this.isReady(card) ? this.store.ready : this.store.aside.filter((c) => c.place.name === card.place.name);

  order = (card: Card, by: -1 | 1) => {
    const where = orderBefore(this.queueOf(card), card.call, by);
    return where && this.#order(card, where.before);
  };

  /** Puts a caller at a place of the queue, from 0: at its end if that is too far. */
  orderAt = (card: Card, at: number) => {
    if (card.place.kind !== "queue") return undefined;
    const before = this.queueOf(card).filter((c) => c !== card)[at];
    return this.#order(card, before?.call);
  };

  async #order(card: Card, before: Sid | undefined) {
    const list = this.#listOf(card);
    list.shows(card.call);
    const done = await this.ask("order", { call: card.call, ...(before && { before }) });
    if (done === undefined) list.shows(undefined);
  }

  /** The caller is next until somebody says otherwise. */
  makeNext = async (card: Card) => {
    const { ready } = this.lists;
    ready.shows(card.call);
    if ((await this.ask("makeNext", { call: card.call })) === undefined) ready.shows(undefined);
  };

  #listOf = (card: Card) => (this.isReady(card) ? this.lists.ready : this.lists.aside);

  /** Opens a card to be typed on: in its list, or large where the desk shows it so. */
  open(card: Card) {
    if (this.store.is("host") && !this.store.mine.includes(card)) this.editing.begin(card);
    else this.screening.opened = card.call;
  }

  isReady = (card: Card): boolean => card.place.kind === "queue" && card.place.name === this.store.queues[0];
  /** Whether a caller may come to air from the queue: a show that screens wants them made ready first. */
  #canLeaveQueue = (card: Card): boolean =>
    card.place.kind === "queue" && (this.isReady(card) || this.store.picture?.show.screens !== true);
  canTake = (card: Card): boolean => !card.move && (this.#canLeaveQueue(card) || isDeck(card.place));
  canDeck = (card: Card): boolean => !card.move && this.#canLeaveQueue(card);
  canHold = (card: Card): boolean =>
    !card.move && card.place.kind === "line" && (isTalking(card.place) || isHeld(card.place));
  canDrop = (card: Card): boolean => !card.move && !card.locked;

  // --- the show

  async openOrClose() {
    const state = this.store.picture?.show.state;
    if (state === "closed" || state === "stopping") await this.ask("open", {});
    else if (state === "open" && this.closing.press("close")) await this.ask("close", {});
  }

  /** Until the closing show cannot be kept open any more, in s. */
  get closesIn(): number {
    const show = this.store.picture?.show;
    return show ? Math.max(0, Math.ceil((show.parkMs - (clock.now - show.since)) / 1000)) : 0;
  }

  /** Takes back what was done last: a drop, a Next, or the show's closing. */
  async undoLast() {
    const show = this.store.picture?.show;
    const [last] = this.store.undoable;
    const closing = show?.state === "stopping" ? show.since : undefined;
    if (closing !== undefined && (!last || last.at < closing)) await this.ask("open", {});
    else if (last) await this.ask("undo", { call: last.call });
    else this.notices.tell("There is nothing to undo.", "refused");
  }

  // --- afterwards

  /** Something covers the desk. */
  get covered(): boolean {
    return (
      this.keysShown ||
      this.desksShown ||
      this.setupShown ||
      this.doctorShown ||
      this.costsShown ||
      this.updateShown ||
      this.recordShown ||
      this.waitsShown ||
      this.sheetOf !== undefined
    );
  }

  /** The sheet of the show that the record is open at, else of the last one. */
  showSheet() {
    this.#sheetDue = false;
    this.sheetOf = (this.recordShown ? this.recordOf : undefined) ?? "last";
  }

  /** Another Callin has the account's calls. */
  get isTakenOver(): boolean {
    return this.store.picture?.wayIn?.code === "taken_over";
  }

  async takeOver() {
    if (this.isTakenOver && this.takingOver.press("takeOver")) await this.ask("takeOver", {});
  }
}

const key = Symbol("desk");
export const provideDesk = (desk: Desk): Desk => setContext(key, desk);
export const useDesk = (): Desk => getContext<Desk>(key);
