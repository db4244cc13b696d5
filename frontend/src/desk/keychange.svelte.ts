import { Confirmation } from "../parts/confirmation.svelte";
import { type Characters, meant, pressed } from "./characters";
import { bindings, type Command, deed } from "./keys";
import type { KeySet } from "./keyset.svelte";
import { isBrowsers, whyReserved } from "./reserved";
import { capOf, type KeyPress, type Stroke, strokeOf } from "./stroke";

const held = /^(Shift|Control|Alt|AltGraph|Meta|OS|CapsLock|NumLock|ScrollLock|Fn|FnLock)$/;

/** How long the second press that puts all keys back is waited for, in ms. */
const sureWithin = 4_000;

/** Changes keys by pressing the new one. While a press is awaited no press is a command. */
export class KeyChange {
  /** Whose new key is awaited. */
  command = $state<Command>();
  /** What came of the last press, in words. */
  told = $state("");
  readonly goingBack = new Confirmation(sureWithin);
  readonly #swapping = new Confirmation();
  readonly #keys: KeySet;
  #last = "";

  constructor(keys: KeySet) {
    this.#keys = keys;
  }

  begin(command: Command) {
    this.command = command;
    this.told = "";
    this.#swapping.awaited = undefined;
  }

  leave() {
    this.command = undefined;
    this.told = "";
  }

  onKey(press: KeyPress) {
    if (press.repeat || !this.command) return;
    this.#last = press.key;
    if (held.test(press.key)) return; // another key may follow
    if (press.key === "Escape") return this.leave();
    const stroke = strokeOf(press);
    this.told = stroke
      ? this.#take(this.command, stroke)
      : `${press.metaKey ? "The command key is the computer's own" : "Ctrl and Alt together type signs on many keyboards"}. Press another key.`;
  }

  /** A key that is only held down together with others was pressed alone. */
  onKeyUp(key: string) {
    if (this.command && held.test(key) && key === this.#last)
      this.told = "That key alone is none. Hold it down and press another one.";
  }

  #take(command: Command, stroke: Stroke): string {
    const { characters } = this.#keys;
    const key = meant(stroke, characters);
    const as = pressed(key, characters);
    if (!as) return "Letters, digits and signs are off. Press another key, or one of them with Alt or Ctrl.";
    const why = whyReserved(stroke) ?? whyReserved(key) ?? (isBrowsers(as) ? whyReserved(as) : undefined);
    if (why) return `${why} Press another key.`;
    const other = this.#keys.owner(key);
    if (other && other !== command) {
      const mine = pressed(this.#keys.key(command), characters);
      const left = !mine ? "without a key" : isBrowsers(mine) ? `with ${capOf(mine)}, a browser's own` : "";
      if (!mine || left)
        return `${capOf(as)} is ${named(other)}, which would be left ${left}. Press another key.`;
      if (!this.#swapping.press(as))
        return `${capOf(as)} is ${named(other)}. Press it again to swap: then that is ${capOf(mine)}. Esc leaves it.`;
    }
    this.#keys.set(command, key);
    this.command = undefined;
    const swapped = other && other !== command ? `, and ${named(other)} is ${this.#capOf(other)}` : "";
    return `${named(command)} is ${capOf(as)} now${swapped}.`;
  }

  #capOf = (command: Command) => capOf(this.#keys.pressed(command) ?? "");

  /** How letters, digits and signs are keys from now on. */
  choose(characters: Characters) {
    const clash = this.#keys.clash(characters);
    if (clash.length === 0) this.#keys.choose(characters);
    const [one = ""] = clash.map((command) => pressed(this.#keys.key(command), characters));
    this.told = clash.length
      ? `Not done: ${capOf(one)} would be the key of ${clash.map(named).join(" and of ")}. Change one of them first.`
      : "";
  }

  /** All keys as they came, on the second press. */
  backToStandard() {
    if (!this.goingBack.press("standard keys")) return;
    this.#keys.backToStandard();
    this.told = "All keys are the standard ones.";
  }
}

const named = (command: Command): string => {
  const binding = bindings.find((b) => b.command === command);
  return binding ? `“${deed(binding)}”` : "";
};
