import { type Backend, Refused } from "../backend/backend";
import type {
  Bodies,
  PublicKind,
  Result,
  SetupEdges,
  SetupOffer,
  SetupState,
  SetupStep,
} from "../backend/contract";
import { settle } from "../parts/hand";
import { kept } from "../parts/kept.svelte";
import { spaced } from "../picture/words";
import { ownCountry } from "./countries";
import { type doingWords, plain, steps } from "./words";

export type SetupOperation = keyof typeof doingWords;
/** A step's page, or the one that says how all of them stand. */
export type Page = SetupStep | "all";

/** What was not done, and why. */
interface Refusal {
  op: SetupOperation;
  field: string | undefined;
  words: string;
}

/** After how long it is said that something is under way, in ms. */
const quick = 300;
/** How often, and how long apart, a station that is back is asked how far the set-up is until it answers. */
const lookAgain = { times: 10, ms: 2_000 };
/** After how long a station that begins again has taken too long, in ms. */
const long = 45_000;

/** What the set-up needs to know of the station's feed. */
export interface Station {
  live: boolean;
  rehearsal: boolean;
}

/** How a person connects an account: what Callin knows of it, what is being typed, and what is under way. */
export class Setup {
  /** How far it is, as Callin said last. */
  state = $state.raw<SetupState>();
  page = $state<Page>("account");
  /** What is done on the page instead of its first: another account or address is typed, a number is bought. */
  instead = $state<"account" | "buy" | "address" | undefined>();
  doing = $state<SetupOperation>();
  /** It is under way for so long that it is said. */
  slow = $state(false);
  /** A second press would be the first one, doubled. */
  early = $state(false);
  refusal = $state.raw<Refusal>();
  /** How many operations were done. */
  answered = $state(0);
  /** What has just been done, for the page that follows. */
  done = $state("");
  offers = $state.raw<SetupOffer[]>();
  /** How far Twilio's edges are, once it was measured. */
  edges = $state.raw<SetupEdges>();
  /** What an undo has left as it is; nothing was undone where it is null. It is to be read after a reload too. */
  readonly #left = kept<string[] | null>("callin.setupLeft", null, sessionStorage);
  /** The station begins again for this. It may take the page along. */
  readonly again = kept<"setupDo" | "setupUndo" | "">("callin.setupAgain", "", sessionStorage);
  /** The page to which the station has come back, until somebody goes on: the phone may load all of it again. */
  readonly shows = kept<Page | "">("callin.setupShows", "", sessionStorage);
  /** It takes too long. */
  tooLong = $state(false);
  /** The first one to call is one that came since then. */
  triedSince = $state(0);
  /** What is typed stays while the page is open. Secrets are not here: their fields alone have them. */
  readonly typed = $state({
    sid: "",
    number: "",
    country: ownCountry(navigator.language),
    contains: "",
    tollFree: false,
    offer: "",
    dialIn: "",
    kind: "own" as PublicKind,
    address: "",
    domain: "",
    telephone: "",
  });
  readonly #operate: Backend["operate"];
  readonly #now: () => number;
  #opened = false;
  /** The feed has broken off since the station was to begin again. */
  #broke = false;
  #presses: ReturnType<typeof setTimeout> | undefined;
  #waits: ReturnType<typeof setTimeout> | undefined;

  constructor(operate: Backend["operate"], now: () => number) {
    this.#operate = operate;
    this.#now = now;
    if (!this.again.value) return;
    this.#broke = true;
    this.#wait();
  }

  /** Looks how far it is, and goes on where it was. */
  async open() {
    if (this.again.value || this.doing) return;
    const state = await this.#ask("setup", {});
    if (!state) return;
    this.#take(state);
    if (!this.#opened) this.page = this.shows.value || (state.connected ? "all" : state.step);
    this.#opened = true;
    if (!this.may(this.page)) this.page = state.step;
    if (this.page === "try") this.triedSince ||= this.#now();
  }

  /** The station begins again, or is about to: it may be gone before it has answered. */
  get begins(): boolean {
    return this.again.value !== "" || this.doing === "setupDo" || this.doing === "setupUndo";
  }

  get left(): string[] | undefined {
    return this.#left.value ?? undefined;
  }

  /** Somebody has read what there was, and leaves. */
  leave() {
    this.shows.value = "";
    this.#left.value = null;
  }

  /** Whether a page can be opened: a step's that is not for later. */
  may(page: Page): boolean {
    const { state } = this;
    if (page === "all")
      return state?.connected === true || state?.undoable === true || this.left !== undefined;
    return steps.indexOf(page) <= steps.indexOf(state?.step ?? "account");
  }

  go(page: Page) {
    if (this.doing || !this.may(page)) return;
    this.refusal = undefined;
    this.done = "";
    this.#show(page);
  }

  /** A press that leads on to the page after this one. */
  next() {
    if (this.doing || this.early || this.page === "all") return;
    this.#pressed();
    this.done = "";
    const page = steps[steps.indexOf(this.page) + 1];
    if (page && this.may(page)) this.#show(page);
  }

  // --- the steps

  async account(token: string) {
    const sid = this.typed.sid.trim();
    if (!sid)
      return this.#missing("setupAccount", "sid", "Type or paste the Account SID: it begins with AC.");
    if (!token) return this.#missing("setupAccount", "token", "Type or paste the Auth Token.");
    const before = this.state?.account?.sid;
    const state = await this.#ask("setupAccount", { sid, token: token.trim() });
    if (!state) return;
    if (before !== state.account?.sid) this.#forget();
    this.instead = undefined;
    this.#take(state);
  }

  /** What was chosen of another account's. */
  #forget() {
    this.offers = undefined;
    Object.assign(this.typed, { number: "", offer: "", dialIn: "" });
  }

  async number() {
    const { number } = this.typed;
    if (!number) return this.#missing("setupNumber", "number", "Choose a number, or buy one.");
    if (this.#take(await this.#ask("setupNumber", { number })))
      this.#goOn(`Listeners will call ${spaced(number)}.`);
  }

  async look() {
    const { country, contains, tollFree } = this.typed;
    this.offers = undefined;
    this.typed.offer = "";
    const body = { country, tollFree, ...(contains.trim() && { contains: contains.trim() }) };
    this.offers = (await this.#ask("setupOffers", body))?.offers;
  }

  /** Buys the number that is chosen: for the DJ, or for listeners. */
  async buy(dialIn: boolean) {
    const offer = this.offers?.find((o) => o.number === this.typed.offer);
    if (!offer?.price) return;
    const { number, price } = offer;
    const state = this.#take(await this.#ask("setupBuy", { number, price, ...(dialIn && { dialIn }) }));
    if (!state) return;
    this.offers = undefined;
    this.typed.offer = "";
    if (!dialIn) {
      this.typed.number = number;
      return this.#goOn(`${spaced(number)} is yours now. Listeners will call it.`);
    }
    this.typed.dialIn = number;
    this.instead = undefined;
    if (state.pin) this.#goOn(`${spaced(number)} is yours now. The DJ can call it.`);
    else this.done = `${spaced(number)} is yours now. Type a PIN for it.`;
  }

  /** Whether the account may have another number: a trial one has one at most. */
  get mayBuy(): boolean {
    return !this.state?.account?.trial || this.state.numbers.length === 0;
  }

  async dialIn(pin: string) {
    const number = this.typed.dialIn;
    if (!number) return this.#missing("setupDialIn", "number", "Choose a number, or go on without.");
    if (pin ? !/^\d{4,8}$/.test(pin) : !this.state?.pin)
      return this.#missing("setupDialIn", "pin", "Type a PIN of 4 to 8 digits.");
    if (this.#take(await this.#ask("setupDialIn", { number, ...(pin && { pin }) })))
      this.#goOn(`The DJ can call ${spaced(number)}.`);
  }

  async withoutDialIn() {
    if (!this.#take(await this.#ask("setupDialIn", {}))) return;
    this.typed.dialIn = "";
    this.#goOn("The DJ has no number to call.");
  }

  async address(token: string) {
    const { kind } = this.typed;
    const address = this.typed.address.trim();
    const domain = this.typed.domain.trim();
    if (kind === "own" && !address)
      return this.#missing(
        "setupAddress",
        "address",
        `Type the address: it begins with ${this.state?.public.within ? "http" : "https"}://.`,
      );
    const own = { kind, address };
    const tunnel = { kind, ...(token && { token: token.trim() }), ...(domain && { domain }) };
    if (this.#take(await this.#ask("setupAddress", kind === "own" ? own : tunnel))) this.instead = undefined;
  }

  /** Measures how far Twilio's edges are, beside whatever else is done. */
  async measure() {
    try {
      this.edges = await this.#operate("setupEdges", {});
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      this.edges = undefined; // then nothing is proposed
    }
  }

  async place(edge: string, region: string, token: string) {
    const body = { edge, region, ...(token && { token: token.trim() }) };
    if (this.#take(await this.#ask("setupPlace", body)))
      this.done = `Phones reach Twilio ${this.state?.place.said}.`;
  }

  async lookAgain() {
    this.#take(await this.#ask("setup", {}));
  }

  async change(over: boolean) {
    const mark = this.state?.mark;
    if (!mark) return;
    const state = this.#take(await this.#ask("setupDo", over ? { mark, over } : { mark }));
    if (!state) return;
    this.triedSince = this.#now();
    this.#left.value = null;
    this.page = "try";
    if (state.again) this.#begin("setupDo");
  }

  async call() {
    const number = plain(this.typed.telephone);
    if (this.#take(await this.#ask("setupCall", { number })))
      this.done = `Twilio calls ${spaced(number)} now. Pick up: you hear what a listener hears.`;
  }

  /** Whether there is a telephone that can be called. */
  hasTelephone(): boolean {
    if (plain(this.typed.telephone)) return true;
    this.#missing("setupCall", "number", "Type the telephone's number, with + and the country first.");
    return false;
  }

  /** The station begins again for it at once, and the page with it. */
  async newKey() {
    if (this.#take(await this.#ask("setupKey", {})))
      this.done = "The station begins again with another key, and the one before is revoked.";
  }

  async undo() {
    const state = this.#take(await this.#ask("setupUndo", {}));
    if (!state) return;
    this.#left.value = state.left ?? [];
    this.page = "all";
    if (state.again) this.#begin("setupUndo");
  }

  // --- the station begins again

  #begin(op: "setupDo" | "setupUndo") {
    this.#broke = false;
    this.again.value = op;
    this.#wait();
  }

  #wait() {
    clearTimeout(this.#waits);
    this.tooLong = false;
    this.#waits = setTimeout(() => {
      this.tooLong = true;
    }, long);
  }

  /** Hears how the station is: once it is back, the set-up goes on. */
  async saw({ live, rehearsal }: Station) {
    const op = this.again.value;
    if (!live) this.#broke = true;
    if (!op) {
      const back = live && this.#broke && this.#opened;
      if (live) this.#broke = false;
      // A station that has just begun may not answer yet.
      for (let tries = 0; back && tries < lookAgain.times && !(await this.#lookQuietly()); tries++)
        await new Promise((later) => setTimeout(later, lookAgain.ms));
      return;
    }
    const turned = rehearsal === (op === "setupUndo");
    if (!live || !(this.#broke || turned)) return;
    this.again.value = "";
    this.#broke = false;
    clearTimeout(this.#waits);
    this.#opened = true;
    this.page = op === "setupDo" ? "try" : "all";
    this.shows.value = this.page;
    if (op === "setupUndo") this.#left.value ??= [];
    this.triedSince ||= this.#now();
    this.#take(await this.#ask("setup", {}));
    if (!this.may(this.page)) this.page = this.state?.step ?? "account";
  }

  // --- what all have in common

  async #ask<O extends SetupOperation>(op: O, body: Bodies[O]): Promise<Result<O> | undefined> {
    const looks = op === "setup"; // what nobody pressed for is no press
    if (this.doing || (this.early && !looks)) return undefined;
    if (!looks) this.#pressed();
    this.doing = op;
    this.done = "";
    this.refusal = undefined;
    const slow = setTimeout(() => {
      this.slow = true;
    }, quick);
    try {
      const result = await this.#operate(op, body);
      this.answered++;
      return result;
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      // What was shown may not be true any more: what is true is shown with the words.
      if (op === "setupDo" || (error.code === "unanswered" && !looks)) await this.#lookQuietly();
      this.refusal = { op, field: error.field, words: error.message };
      return undefined;
    } finally {
      clearTimeout(slow);
      this.slow = false;
      this.doing = undefined;
    }
  }

  async #lookQuietly(): Promise<boolean> {
    try {
      this.#take(await this.#operate("setup", {}));
      return true;
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      return false;
    }
  }

  #missing(op: SetupOperation, field: string, words: string) {
    if (this.doing) return;
    this.done = "";
    this.refusal = { op, field, words };
  }

  #take(state: SetupState | undefined): SetupState | undefined {
    if (!state) return undefined;
    const { typed } = this;
    const { kind, address } = state.public;
    if (!this.state && kind) typed.kind = kind;
    this.state = state;
    const [only, ...others] = state.numbers;
    typed.number ||= state.number ?? (only && !others.length && !only.used ? only.number : "");
    typed.dialIn ||= state.dialIn ?? "";
    if (kind === "own") typed.address ||= address ?? "";
    return state;
  }

  #pressed() {
    this.early = true;
    clearTimeout(this.#presses);
    this.#presses = setTimeout(() => {
      this.early = false;
    }, settle);
  }

  #goOn(done: string) {
    this.done = done;
    const page = steps[steps.indexOf(this.page as SetupStep) + 1];
    if (page) this.#show(this.may(page) ? page : (this.state?.step ?? "account"));
  }

  #show(page: Page) {
    this.instead = undefined;
    this.shows.value = "";
    this.page = page;
    if (page === "try") this.triedSince ||= this.#now();
  }
}
