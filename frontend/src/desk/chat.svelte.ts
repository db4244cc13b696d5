import { kept } from "../parts/kept.svelte";
import type { Desk } from "./desk.svelte";

/** What is said by one press, and how many own words a browser keeps besides. */
export const quickly = ["Back in a minute", "No calls", "Wrap up"];
const mostOwn = 6;

/** What this desk says to the others of the studio. */
export class Chat {
  text = $state("");
  toHost = $state(false);
  readonly #own = kept<string[]>("callin.chat", []).follow();
  readonly #desk: Desk;
  #field: HTMLInputElement | undefined;

  constructor(desk: Desk) {
    this.#desk = desk;
  }

  /** What is said by one press. */
  get buttons(): string[] {
    return [...quickly, ...this.own];
  }

  get own(): string[] {
    const { value } = this.#own;
    return Array.isArray(value) ? value.filter((w) => typeof w === "string") : [];
  }

  fieldIs = (field: HTMLInputElement) => {
    this.#field = field;
    return () => {
      this.#field = undefined;
    };
  };

  begin() {
    this.#field?.focus();
  }

  async say(text: string, toHost = this.toHost) {
    const said = text.trim();
    if (!said) return;
    const done = await this.#desk.ask("say", { text: said, ...(toHost && { toHost }) });
    if (done === undefined) return;
    if (text === this.text) this.text = "";
    this.toHost = false;
  }

  /** Keeps words as a button of this browser's. */
  keep(text: string) {
    const words = text.trim();
    if (words && !this.buttons.includes(words)) this.#own.value = [...this.own, words].slice(-mostOwn);
  }

  forget(text: string) {
    this.#own.value = this.own.filter((words) => words !== text);
  }

  /** A host has seen the oldest of what was said to hosts. */
  async seen() {
    const [oldest] = this.#desk.store.unseen;
    if (oldest) await this.#desk.ask("seen", { seq: oldest.seq });
  }
}
