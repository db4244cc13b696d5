import type { Backend } from "../backend/backend";
import { kept } from "../parts/kept.svelte";
import { closed, Mix, top } from "./mix";
import { Phone } from "./phone.svelte";

/** What the lanes must know of the desk. */
interface Around {
  /** The lines of the studio's lanes, the first one first. */
  lines(): string[];
  /** The phone that is on a line, whosever it is. */
  legOn(line: string): string | undefined;
  onMoved(): void;
}

/**
 * The lanes of a studio that has several: each is a call of its own with one caller, kept warm while the first
 * one's phone is on the air, a fader and a place in the mix.
 */
export class Lanes {
  readonly #backend: Backend;
  readonly #around: Around;
  readonly #first: () => Phone;
  #mix: Mix | undefined;
  /** The phones of the second lane and the further ones. */
  phones = $state.raw<Phone[]>([]);
  /** Where each lane's fader stands, in dB. */
  readonly #faders = kept<number[]>("callin.faders", []);
  /** Those that are muted, by their lane. */
  #mutes = $state.raw<boolean[]>([]);

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
      (first.state === "on" || first.state === "reconnecting")
    );
  }

  /** How many of them the desk's phone is on. */
  get ready(): number {
    return [this.#first(), ...this.phones].filter((p) => p.state === "on").length;
  }

  /** What keeps a lane from the line, in words. */
  get trouble(): string | undefined {
    const lane = this.phones.findIndex((p) => p.trouble !== undefined);
    return lane < 0 ? undefined : `Lane ${lane + 2}: ${this.phones[lane]?.trouble?.text}`;
  }

  isMine = (leg: string): boolean => this.phones.some((p) => p.isMine(leg));

  /** Which lane a line is, from 0; -1 for none. */
  at = (line: string | undefined): number => (line ? this.#around.lines().indexOf(line) : -1);

  /** The lane of the mix that a phone's call carries; undefined with one lane. */
  mixed(lane: number) {
    const line = this.#around.lines()[lane];
    if (this.count < 2 || line === undefined) return undefined;
    this.#mix ??= this.#made();
    return { mix: this.#mix, lane, line };
  }

  #made(): Mix {
    const mix = new Mix(this.count);
    for (let lane = 0; lane < this.count; lane++) this.#fade(mix, lane);
    return mix;
  }

  /** One lane after the other comes onto the air with the first one, and leaves with it. */
  follow() {
    if (this.count < 2) return;
    const first = this.#first();
    if (this.phones.length === 0)
      this.phones = this.#around
        .lines()
        .slice(1)
        .map((line, n) => this.#phone(line, n + 1));
    const onAir =
      first.line === "air" && !first.direct && first.state !== "off" && first.state !== "unsupported";
    if (!onAir) {
      for (const phone of this.phones) if (phone.state !== "off") void phone.disconnect();
      this.#mix?.close();
      return;
    }
    if (first.state !== "on") return;
    for (const phone of this.phones) {
      phone.lineChanged();
      if (phone.state === "off" && !phone.trouble) return void phone.connect("air", false);
      if (phone.state === "connecting") return;
    }
  }

  #phone(line: string, lane: number): Phone {
    return new Phone(this.#backend, {
      onLine: () => this.#around.legOn(line),
      onHeard: () => {},
      onMoved: this.#around.onMoved,
      mixed: () => this.mixed(lane),
      suffix: `.${lane}`,
    });
  }

  /** Where a lane's fader stands, in dB. */
  fader = (lane: number): number => this.#faders.value[lane] ?? 0;
  isMuted = (lane: number): boolean => this.#mutes[lane] === true;

  fade(lane: number, decibels: number) {
    const all = Array.from({ length: this.count }, (_, n) => this.fader(n));
    all[lane] = Math.max(closed, Math.min(top, Math.round(decibels)));
    this.#faders.value = all;
    this.#fade(this.#mix, lane);
  }

  mute(lane: number, on: boolean) {
    this.#mutes = Array.from({ length: this.count }, (_, n) => (n === lane ? on : this.isMuted(n)));
    this.#fade(this.#mix, lane);
  }

  #fade(mix: Mix | undefined, lane: number) {
    mix?.fade(lane, this.isMuted(lane) ? closed : this.fader(lane));
  }
}
