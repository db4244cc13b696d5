import { type Backend, Refused } from "../backend/backend";
import { kept } from "../parts/kept.svelte";
import { devices, inUse, type Output } from "../phone/output";
import type { Notices } from "./notices.svelte";
import { ringWave } from "./ringwave";

/** Where the desk sounds. */
interface Choice {
  id: string;
  label: string;
  /** Somebody has said that nothing but ears hears it. */
  headphones: boolean;
}

/** The most characters that are spoken at once. */
const longest = 300;
/** No page of this browser repeats a ring for so long, in ms: who comes meanwhile has rung with it. */
const ringPause = 3_000;

/**
 * What the desk lets be heard of itself, through an output of its own: a ring as somebody calls, and answers and arrivals
 * in words. Nothing of it may go to air, so it is silent while a microphone is live, unless nothing but ears hears it.
 */
export class OwnSounds {
  /** The outputs that can be chosen; undefined until the browser has told them. */
  outputs = $state.raw<Output[]>();
  /** The chosen one that the phone is, or may be, heard through: it waits for somebody's word that it is headphones. */
  doubtful = $state.raw<Output>();
  readonly chosen = kept<Choice | null>("callin.speech", null).follow();
  readonly rings = kept("callin.rings", false).follow();
  readonly speaks = kept("callin.speaks", true).follow();
  readonly canChoose = "setSinkId" in HTMLMediaElement.prototype;
  readonly #backend: Backend;
  readonly #notices: Notices;
  /** Whether a microphone of this desk is heard by anybody. */
  readonly #live: () => boolean;
  readonly #sound = new Audio();
  #all: Output[] = [];
  /** What is to be said when what sounds is over; only the newest. */
  #waiting: string | undefined;
  #toRing = false;
  #sounds = false;
  /** Why nothing sounds, as it was told last. */
  #told: string | undefined;

  constructor(backend: Backend, notices: Notices, live: () => boolean) {
    this.#backend = backend;
    this.#notices = notices;
    this.#live = live;
  }

  /** Asks the browser for its outputs. */
  async look() {
    const all = (await navigator.mediaDevices?.enumerateDevices().catch(() => undefined)) ?? [];
    this.#all = all
      .filter((d) => d.kind === "audiooutput" && d.deviceId && d.label)
      .map((d) => ({ id: d.deviceId, label: d.label, group: d.groupId }));
    this.outputs = devices(this.#all);
  }

  /** Sounds through an output from now on; through none when there is none of that id. */
  choose(id: string) {
    const output = this.outputs?.find((o) => o.id === id);
    this.doubtful = undefined;
    this.#told = undefined;
    this.chosen.value = null;
    if (!output) return;
    if (this.#isPhones(output)) this.doubtful = output;
    else this.chosen.value = { id, label: output.label, headphones: false };
  }

  /** Somebody's word that the chosen output is headphones. */
  confirm() {
    const output = this.doubtful ?? this.chosen.value;
    this.doubtful = undefined;
    if (output) this.chosen.value = { id: output.id, label: output.label, headphones: true };
  }

  say(text: string) {
    if (!this.chosen.value || !this.speaks.value) return;
    this.#waiting = text.slice(0, longest);
    this.#begin();
  }

  /** Somebody calls. A page that hears of it late does not ring after another one. */
  ring() {
    if (!this.chosen.value || !this.rings.value || this.#isHushed(this.chosen.value)) return;
    void navigator.locks.request("callin.ring", { ifAvailable: true }, async (lock) => {
      if (!lock) return;
      this.tryRing();
      await new Promise((over) => setTimeout(over, ringPause));
    });
  }

  /** Rings, whenever it was last. */
  tryRing() {
    this.#toRing = true;
    this.#begin();
  }

  /** A microphone is live from now on: what sounds ends at once. */
  hush() {
    if (!this.chosen.value?.headphones) this.#sound.pause();
  }

  /** Whether the phone is heard through it too; where the browser does not say, it may be. */
  #isPhones(output: Output): boolean {
    const phones = inUse(this.#all);
    return phones === undefined || phones.id === output.id;
  }

  #begin() {
    if (!this.#sounds) void this.#soundAll();
  }

  async #soundAll() {
    this.#sounds = true;
    try {
      // Pages of one browser have one setting: one of them sounds.
      await navigator.locks.request("callin.speech", { ifAvailable: true }, async (lock) => {
        while (this.#toRing || this.#waiting !== undefined) {
          const text = this.#toRing ? undefined : this.#waiting;
          if (text === undefined) this.#toRing = false;
          else this.#waiting = undefined;
          if (lock) await this.#play(text);
        }
      });
    } catch (error) {
      // Another computer's page speaks: two at once would not be understood.
      if (!(error instanceof Refused)) this.#fails("It does not play.");
      else if (error.code !== "speaking") this.#fails(error.message);
    }
    this.#sounds = false;
    if (this.#toRing || this.#waiting !== undefined) this.#begin();
  }

  /** Plays words, or without them a ring. */
  async #play(text?: string) {
    await this.look();
    const chosen = this.chosen.value;
    if (!chosen || this.#isHushed(chosen)) return;
    const called = this.outputs?.filter((o) => o.label === chosen.label) ?? [];
    const output = this.outputs?.find((o) => o.id === chosen.id) ?? called[0];
    if (output?.id !== chosen.id && called.length > 1)
      return this.#fails("More than one output is called so now: choose again.");
    if (!output) return this.#fails("It is gone. Plug it in again, and it is used by itself.");
    if (!chosen.headphones && this.#isPhones(output))
      return this.#fails("The phone is heard through it now.");
    const wave = text === undefined ? ringWave() : await this.#spoken(text);
    if (this.#isHushed(chosen)) return;
    const address = URL.createObjectURL(new Blob([wave], { type: "audio/wav" }));
    try {
      this.#sound.src = address;
      await this.#sound.setSinkId(output.id);
      const over = new Promise((ended) => {
        this.#sound.onended = this.#sound.onpause = ended;
      });
      await this.#sound.play();
      await over;
      this.#told = undefined;
    } finally {
      URL.revokeObjectURL(address);
    }
  }

  #isHushed = (chosen: Choice): boolean => !chosen.headphones && this.#live();

  async #spoken(text: string): Promise<Uint8Array<ArrayBuffer>> {
    const { wave } = await this.#backend.operate("speak", { text });
    return Uint8Array.from(atob(wave), (c) => c.charCodeAt(0));
  }

  /** Nothing sounds, which is told once. */
  #fails(why: string) {
    if (this.#told === why) return;
    this.#told = why;
    this.#notices.tell(`The desk makes no sound through ${this.chosen.value?.label ?? "its output"}. ${why}`);
  }
}
