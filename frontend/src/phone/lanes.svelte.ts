import type { Backend } from "../backend/backend";
import { kept } from "../parts/kept.svelte";
import { LaneCheck } from "./check.svelte";
import { Echoes } from "./echoes.svelte";
import { type LaneSound, plain, trimmed } from "./lanesound";
import { type LaneLine, type Line, LineJudge } from "./line";
import { worstOf } from "./link";
import { Mix } from "./mix";
import { Patch } from "./patch.svelte";
import { Phone } from "./phone.svelte";
import { isLaneTrouble, type LaneTrouble } from "./sound";
import { closed, top } from "./strip";
import { Turns } from "./turns";

/** What the lanes must know of the desk. */
interface Around {
  /** The lines of the studio's lanes, the first one first. */
  lines(): string[];
  /** The line on which the host is talked to alone; undefined where that is the first lane's. */
  talkback(): string | undefined;
  /** The phone that is on a line, whosever it is. */
  legOn(line: string): string | undefined;
  /** Whether the last one of several takes callers although somebody is on it. */
  shared(): boolean;
  /** Who is heard on a lane, and who is about to be. */
  heardOn(line: string): string[];
  nextOn(line: string): string[];
  /** Whether somebody is on a lane, heard or not, or on the way there. */
  isTaken(line: string): boolean;
  onMoved(): void;
  /** Is told after each look at what passes on a further lane's call. */
  onHeard(phone: Phone, line: string): void;
}

/** How many muted callers are remembered: those of long ago have hung up. */
const mostMuted = 20;

/**
 * The lanes of a studio that has several: each is a call of its own with one caller, the last one with several where
 * that is set, kept warm while the first one's phone is on the air, a fader and a place in the mix.
 */
export class Lanes {
  readonly #backend: Backend;
  readonly #around: Around;
  readonly #first: () => Phone;
  #mix: Mix | undefined;
  /** The phones of the second lane and the further ones. */
  phones = $state.raw<Phone[]>([]);
  /** The lines that phones and mix were made for. */
  #lines = "";
  readonly #leaving = new Set<Phone>();
  readonly #turns = new Turns();
  /** Where each lane's fader stands, in dB, and the callers who are muted, for all pages of this browser. */
  readonly #faders = kept<number[]>("callin.faders", []).follow();
  readonly #muted = kept<string[]>("callin.mutedCallers", []).follow();
  /** What is done to each lane's sound, kept as the faders are. */
  readonly #sounds = kept<Partial<LaneSound>[]>("callin.laneSounds", []).follow();
  /** Whether callers hear each other whatever the faders say. */
  readonly #beforeFaders = kept("callin.beforeFaders", false).follow();
  /** Whether this browser can neither measure the lanes nor do anything to their sound. */
  unshaped = $state(false);
  /** How good each lane's caller's line is. */
  #heard = $state.raw<Line[]>([]);
  #judges: LineJudge[] = [];
  readonly #echoes = new Echoes();
  /** Who was heard on each lane when it was looked at last, several as one word. */
  #callers: (string | undefined)[] = [];
  /** The phone by which desks talk to the host alone: it is heard on no lane. */
  talkIn = $state.raw<Phone>();
  /** Whether they can, at this PC. */
  readonly #takesTalk = kept("callin.takesTalk", false).follow();
  /** The sound devices of the lanes. */
  readonly patch = new Patch(
    () => this.#mix,
    () => this.count,
    () => this.#first().heard.chosen(),
    () => {
      this.check.forget();
      this.#followTalk();
    },
  );
  /** Tries them. */
  readonly check = new LaneCheck(() => this.#mix, this.patch);

  constructor(backend: Backend, around: Around, first: () => Phone) {
    this.#backend = backend;
    this.#around = around;
    this.#first = first;
  }

  /** How many lanes there are; 1 for one that all callers share. */
  get count(): number {
    return this.#around.lines().length;
  }

  /** Whether this page's phone is on the air, so that it mixes the lanes. */
  get mixes(): boolean {
    const first = this.#first();
    return (
      this.count > 1 &&
      first.line === "air" &&
      !first.direct &&
      !first.reserve &&
      (first.state === "on" || first.state === "reconnecting")
    );
  }

  /** The lane that the host listens to before its fader. */
  cued = $state<number>();

  /** Has the host listen to a lane before its fader, or no more to that one. */
  cue(lane: number) {
    this.cued = this.cued === lane ? undefined : lane;
    void this.#mix?.listenTo(this.cued).catch(() => this.patch.look());
  }

  /** What can be recorded of the lanes, on the page that mixes them. */
  get taps() {
    return this.mixes ? this.#mix?.taps : undefined;
  }

  /** How many of them the desk's phone is on. */
  get ready(): number {
    return [this.#first(), ...this.phones].filter((p) => p.state === "on").length;
  }

  /** The connection of the desk's phones: the worst one's. */
  get link() {
    return worstOf([this.#first(), ...this.phones].flatMap(({ link }) => link ?? []));
  }

  /** What keeps a lane from the line, in words. */
  get trouble(): string | undefined {
    const lane = this.phones.findIndex((p) => p.trouble !== undefined);
    return lane < 0 ? undefined : `Lane ${lane + 2}: ${this.phones[lane]?.trouble?.text}`;
  }

  /** Whose lane is chosen for whoever is taken next, by number from 0; undefined for the first free one. */
  chosen = $state<number>();

  /** Whether somebody is on a lane. */
  get used(): boolean {
    return this.#around.lines().some((line) => this.#around.isTaken(line));
  }

  #line = (lane: number): string => this.#around.lines()[lane] ?? "";

  /** How many callers are heard on a lane; several have one fader, and one sound. */
  heard = (lane: number): number => this.#around.heardOn(this.#line(lane)).length;

  /** The lanes onto which somebody can come now. */
  get #open(): number[] {
    return this.#around
      .lines()
      .flatMap((line, lane) => (this.#around.isTaken(line) && !this.#takesSeveral(lane) ? [] : [lane]));
  }

  readonly #takesSeveral = (lane: number): boolean =>
    lane === this.count - 1 && (lane === 0 || this.#around.shared());

  /** The lane to which somebody on one is moved: the chosen one, or the first other one that can be come onto. */
  other(lane: number): number | undefined {
    const on = (n: number) => this.#around.legOn(this.#line(n)) !== undefined;
    return this.chosen ?? this.#open.find((n) => n !== lane && on(n));
  }

  /** When a lane may renew its token. */
  turn = (lane: number): Promise<void> => this.#turns.turn(this.#around.isTaken(this.#line(lane)));

  /** Chooses the next lane that can be come onto; after the last one, the first free one again. */
  chooseNext() {
    this.chosen = this.#open.find((lane) => lane > (this.chosen ?? -1));
  }

  /** Takes somebody onto the chosen lane. A choice is for one caller; who was refused is taken there again. */
  async onto<T>(
    take: (to: { lane?: string }) => Promise<T | undefined>,
    at = this.chosen,
  ): Promise<T | undefined> {
    const lane = this.count > 1 ? this.#around.lines()[at ?? -1] : undefined;
    const begun = await take(lane === undefined ? {} : { lane });
    if (begun) this.chosen = undefined;
    return begun;
  }

  isMine = (leg: string): boolean => [...this.phones, this.talkIn].some((p) => p?.isMine(leg));

  /** Which lane a line is, from 0; -1 for none. */
  at = (line: string | undefined): number => (line ? this.#around.lines().indexOf(line) : -1);

  /** The call of the mix that a lane's phone makes; undefined with one lane that has no devices of its own. */
  mixed(lane: number) {
    const line = this.#around.lines()[lane];
    if (line === undefined || (this.count < 2 && !this.patch.used)) return undefined;
    return { mix: this.#mixer, leg: lane, line };
  }

  get #mixer(): Mix {
    this.#mix ??= this.#made();
    return this.#mix;
  }

  #made(): Mix {
    const mix = new Mix(
      this.count,
      () => this.#first().profile.value,
      () => this.patch.begin(),
    );
    for (let lane = 0; lane < this.count; lane++) this.#set(mix, lane);
    for (let lane = 0; lane < this.count; lane++) {
      const insert = mix.insert(lane);
      if (insert) insert.onWindow = (window) => this.#judged(lane, this.#judges[lane]?.window(window));
      const ways = mix.ways(lane);
      if (ways) ways.onWays = (measured) => this.#echoes.push(lane, measured);
    }
    void mix.insert(0)?.works.then((works) => {
      this.unshaped = !works;
    });
    return mix;
  }

  /**
   * One lane after the other comes onto the air with the first one, and leaves with it. With another studio the
   * lanes are others.
   */
  follow() {
    const lines = this.#around.lines().join();
    if (this.#lines !== lines) this.#begin(lines);
    if (this.count < 2 && !this.#mix) return;
    const first = this.#first();
    const leaves =
      first.line !== "air" || first.direct || first.state === "off" || first.state === "unsupported";
    if (leaves || this.used) this.check.end();
    this.#followTalk();
    if (leaves) {
      for (const phone of this.phones) this.#leave(phone);
      this.#mix?.close();
      this.patch.end();
      return;
    }
    for (const phone of this.phones) phone.lineChanged();
    for (let lane = 0; lane < this.count; lane++) this.#set(this.#mix, lane); // who is on it may be muted
    if (first.state !== "on") return;
    for (const phone of this.phones) {
      if (phone.state === "off" && !phone.trouble) return void phone.connect("air", false, first.reserve);
      if (phone.state === "connecting") return;
    }
  }

  /** Callin answers again: each phone that waits for that tries at once. */
  callinIsBack() {
    for (const phone of [this.#first(), ...this.phones, this.talkIn]) void phone?.callinIsBack();
  }

  /** Desks can talk to the host once the lanes are there, and as long as there is an output for the host's ears alone. */
  #followTalk() {
    const { talkIn } = this;
    if (!talkIn) return;
    if (!this.mixes || !this.takesTalk || !this.patch.cueWorks) return this.#leave(talkIn);
    talkIn.lineChanged();
    const lanes = [this.#first(), ...this.phones];
    const coming = lanes.some(
      ({ state, trouble }) => state === "connecting" || (state === "off" && !trouble),
    );
    if (!coming && talkIn.state === "off" && !talkIn.trouble) void talkIn.connect("air", false, false);
  }

  get takesTalk(): boolean {
    return this.#takesTalk.value;
  }

  set takesTalk(on: boolean) {
    this.#takesTalk.value = on;
    this.#followTalk();
  }

  #begin(lines: string) {
    for (const phone of [...this.phones, this.talkIn]) if (phone) this.#leave(phone);
    this.check.forget();
    this.#mix?.end();
    this.#mix = undefined;
    this.cued = undefined;
    this.patch.end();
    this.#lines = lines;
    this.phones = this.#around
      .lines()
      .slice(1)
      .map((line, n) => this.#phone(line, n + 1));
    const talkback = this.#around.talkback();
    this.talkIn = talkback === undefined ? undefined : this.#talkPhone(talkback);
  }

  #talkPhone = (line: string): Phone =>
    new Phone(this.#backend, {
      onLine: () => this.#around.legOn(line),
      onHeard: () => {},
      onMoved: this.#around.onMoved,
      mixed: () => ({ mix: this.#mixer, leg: "talkback", line }),
      turn: () => this.#turns.turn(false),
      suffix: ".talkback",
    });

  /** Takes a lane's phone off the line, once, and forgets why it could not come there. */
  #leave(phone: Phone) {
    if (
      this.#leaving.has(phone) ||
      phone.state === "unsupported" ||
      (phone.state === "off" && !phone.trouble)
    )
      return;
    this.#leaving.add(phone);
    void phone.disconnect().finally(() => this.#leaving.delete(phone));
  }

  #phone(line: string, lane: number): Phone {
    const phone: Phone = new Phone(this.#backend, {
      onLine: () => this.#around.legOn(line),
      onHeard: () => this.#around.onHeard(phone, line),
      onMoved: this.#around.onMoved,
      mixed: () => this.mixed(lane),
      turn: () => this.turn(lane),
      suffix: `.${lane}`,
    });
    return phone;
  }

  readonly #phoneOn = (lane: number): Phone | undefined =>
    lane === 0 ? this.#first() : this.phones[lane - 1];

  /** Which way no sound passes on a lane; in reserve none is to. */
  stops = (lane: number): LaneTrouble | undefined => {
    const phone = this.#phoneOn(lane);
    const trouble = phone?.reserve ? undefined : phone?.heard.trouble;
    return isLaneTrouble(trouble) ? trouble : undefined;
  };

  /** The lanes on which no sound passes one way, while it does on others: what stops on all is the first one's trouble. */
  get stopped(): { trouble: LaneTrouble; lanes: number[] }[] {
    const all = Array.from({ length: this.count }, (_, lane) => this.stops(lane));
    return (["silentLine", "notSent"] as const)
      .map((trouble) => ({ trouble, lanes: [...all.keys()].filter((lane) => all[lane] === trouble) }))
      .filter(({ lanes }) => lanes.length > 0 && lanes.length < all.length);
  }

  /** What is measured of a lane; undefined while this page mixes none. */
  insert = (lane: number) => this.#mix?.insert(lane);

  /** Where a lane's fader stands, in dB; one for all callers has none here. */
  fader = (lane: number): number => (this.count > 1 ? (this.#faders.value[lane] ?? 0) : 0);

  get beforeFaders(): boolean {
    return this.#beforeFaders.value;
  }

  set beforeFaders(on: boolean) {
    this.#beforeFaders.value = on;
    for (let lane = 0; lane < this.count; lane++) this.#set(this.#mix, lane);
  }

  /**
   * Whether a lane is muted as somebody is who is heard on it, or would be in a moment: the mute is theirs, and goes
   * with them. Who shares the lane is not heard then either, as the page has them in one sound.
   */
  isMuted = (lane: number): boolean =>
    this.#heardOrNext(lane).some((caller) => this.#muted.value.includes(caller));

  #heardOrNext(lane: number): string[] {
    const line = this.#line(lane);
    return [...this.#around.heardOn(line), ...this.#around.nextOn(line)];
  }

  fade(lane: number, decibels: number) {
    const all = Array.from({ length: this.count }, (_, n) => this.fader(n));
    all[lane] = Math.max(closed, Math.min(top, Math.round(decibels)));
    this.#faders.value = all;
    this.#set(this.#mix, lane);
  }

  mute(lane: number, on: boolean) {
    const callers = on ? this.#around.heardOn(this.#line(lane)) : this.#heardOrNext(lane);
    const others = this.#muted.value.filter((c) => !callers.includes(c)).slice(-mostMuted);
    this.#muted.value = on ? [...others, ...callers] : others;
    this.#set(this.#mix, lane);
  }

  /** What is done to a lane's sound: nothing where one is for all callers. */
  sound = (lane: number): LaneSound => ({ ...plain, ...(this.count > 1 && this.#sounds.value[lane]) });

  shape(lane: number, change: Partial<LaneSound>) {
    const all = Array.from({ length: this.count }, (_, n) => this.sound(n));
    const sound = { ...this.sound(lane), ...change };
    all[lane] = { ...sound, trim: Math.max(-trimmed, Math.min(trimmed, Math.round(sound.trim))) };
    this.#sounds.value = all;
    this.#set(this.#mix, lane);
  }

  /** Whether nothing of a lane is heard: it is muted, or this desk is in reserve there. */
  #isSilent = (lane: number): boolean =>
    (this.count > 1 && this.isMuted(lane)) || this.#phoneOn(lane)?.reserve === true;

  #set(mix: Mix | undefined, lane: number) {
    const silent = this.#isSilent(lane);
    const others = this.beforeFaders ? 0 : this.fader(lane);
    mix?.fade(lane, silent ? closed : this.fader(lane), silent ? closed : others);
    mix?.shape(lane, this.sound(lane));
    const callers = this.#around.heardOn(this.#line(lane)).sort().join();
    if (!callers) this.#echoes.left(lane);
    if (!callers || callers === this.#callers[lane]) return;
    this.#callers[lane] = callers;
    if (this.cued === lane) this.cue(lane); // nobody meant this one
    mix?.another(lane);
    this.#judges[lane] = new LineJudge();
    this.#judged(lane, "listening");
    this.#echoes.begin(lane);
  }

  #judged(lane: number, line: Line | undefined) {
    if (!line || line === this.#heard[lane]) return;
    const all = [...this.#heard];
    all[lane] = line;
    this.#heard = all;
  }

  /** How good the line is of who is on a lane, from their sound and what is sent to them; undefined while several share it. */
  line = (lane: number): LaneLine | undefined => {
    if (this.heard(lane) > 1) return undefined;
    if (this.stops(lane) === "silentLine") return "listening";
    const echo = this.#echoes.at(lane);
    return echo === "none" ? (this.#heard[lane] ?? "listening") : echo;
  };
}
