import { type Backend, Refused } from "../backend/backend";
import { kept } from "../parts/kept.svelte";
import { devices, inUse, type Output } from "../phone/output";
import type { Notices } from "./notices.svelte";

/** Where the desk speaks. */
interface Choice {
  id: string;
  label: string;
  /** Somebody has said that nothing but ears hears it. */
  headphones: boolean;
}

/** The most characters that are spoken at once. */
const longest = 300;

/** Speaks answers and arrivals through an output of its own. Nothing of it may go to air. */
export class Speech {
  /** The outputs that can be chosen; undefined until the browser has told them. */
  outputs = $state.raw<Output[]>();
  /** The chosen one that the phone is, or may be, heard through: it waits for somebody's word that it is headphones. */
  doubtful = $state.raw<Output>();
  readonly chosen = kept<Choice | null>("callin.speech", null);
  readonly canChoose = "setSinkId" in HTMLMediaElement.prototype;
  readonly #backend: Backend;
  readonly #notices: Notices;
  readonly #sound = new Audio();
  #all: Output[] = [];
  /** What is to be said when what is being said is over; only the newest. */
  #waiting: string | undefined;
  #speaks = false;

  constructor(backend: Backend, notices: Notices) {
    this.#backend = backend;
    this.#notices = notices;
  }

  /** Asks the browser for its outputs. */
  async look() {
    const all = (await navigator.mediaDevices?.enumerateDevices().catch(() => undefined)) ?? [];
    this.#all = all
      .filter((d) => d.kind === "audiooutput" && d.deviceId && d.label)
      .map((d) => ({ id: d.deviceId, label: d.label, group: d.groupId }));
    this.outputs = devices(this.#all);
  }

  /** Speaks through an output from now on; through none when there is none of that id. */
  choose(id: string) {
    const output = this.outputs?.find((o) => o.id === id);
    this.doubtful = undefined;
    this.chosen.value = null;
    if (!output) return;
    if (this.#isPhones(output)) this.doubtful = output;
    else this.chosen.value = { id, label: output.label, headphones: false };
  }

  /** Somebody's word that the doubtful output is headphones. */
  confirm() {
    const output = this.doubtful;
    this.doubtful = undefined;
    if (output) this.chosen.value = { id: output.id, label: output.label, headphones: true };
  }

  say(text: string) {
    if (!this.chosen.value) return;
    this.#waiting = text.slice(0, longest);
    if (!this.#speaks) void this.#speakAll();
  }

  /** Whether the phone is heard through it too; where the browser does not say, it may be. */
  #isPhones(output: Output): boolean {
    const phones = inUse(this.#all);
    return phones === undefined || phones.id === output.id;
  }

  async #speakAll() {
    this.#speaks = true;
    try {
      // Pages of one browser have one setting: one of them speaks.
      await navigator.locks.request("callin.speech", { ifAvailable: true }, async (lock) => {
        if (!lock) this.#waiting = undefined;
        for (let text = this.#take(); text; text = this.#take()) await this.#speak(text);
      });
    } catch (error) {
      // Another computer's page speaks: two at once would not be understood.
      if (!(error instanceof Refused)) this.#end("The sound output for it does not play.");
      else if (error.code !== "speaking") this.#end(error.message);
    }
    this.#speaks = false;
    if (this.#waiting) this.say(this.#waiting);
  }

  #take(): string | undefined {
    const text = this.#waiting;
    this.#waiting = undefined;
    return text;
  }

  async #speak(text: string) {
    const { chosen } = this;
    await this.look();
    const output = this.outputs?.find((o) => o.id === chosen.value?.id);
    if (!chosen.value) return;
    if (!output) return this.#end(`Its sound output is gone: ${chosen.value.label}.`);
    if (!chosen.value.headphones && this.#isPhones(output))
      return this.#end(`The phone is heard through ${output.label} now.`);
    const { wave } = await this.#backend.operate("speak", { text });
    const bytes = Uint8Array.from(atob(wave), (c) => c.charCodeAt(0));
    const address = URL.createObjectURL(new Blob([bytes], { type: "audio/wav" }));
    try {
      this.#sound.src = address;
      await this.#sound.setSinkId(output.id);
      const over = new Promise((ended) => {
        this.#sound.onended = this.#sound.onpause = ended;
      });
      await this.#sound.play();
      await over;
    } finally {
      URL.revokeObjectURL(address);
    }
  }

  #end(why: string) {
    this.chosen.value = null;
    this.#notices.tell(`The desk does not speak any more. ${why}`);
  }
}
