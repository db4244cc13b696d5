import { kept } from "../parts/kept.svelte";
import { type Characters, charactersOf, pressed, withPlace, withTake } from "./characters";
import { bindings, type Command } from "./keys";
import { whyReserved } from "./reserved";
import { capOf, type Stroke } from "./stroke";

/**
 * The key of each command, of what a person set and this browser kept. Whatever cannot be is left out:
 * what is no command or no key, and what makes one key two commands'.
 */
function keysOf(kept: unknown, characters: Characters): Map<Command, Stroke> {
  const changed = new Map<Command, Stroke>();
  for (const { command, fixed } of bindings) {
    const key =
      typeof kept === "object" && kept && Object.hasOwn(kept, command) && Reflect.get(kept, command);
    if (!fixed && typeof key === "string" && !whyReserved(key)) changed.set(command, key);
  }
  for (;;) {
    const keys = new Map(bindings.map(({ command, key }) => [command, changed.get(command) ?? key]));
    const twice = ofTwo(keys, characters);
    if (twice.length === 0) return keys;
    for (const command of twice) changed.delete(command);
  }
}

/** The commands that share a key. */
function ofTwo(keys: Map<Command, Stroke>, characters: Characters): Command[] {
  const as = (key: Stroke) => pressed(key, characters) ?? key;
  const all = [...keys.values()].map(as);
  return [...keys]
    .filter(([, key]) => all.filter((k) => k === as(key)).length > 1)
    .map(([command]) => command);
}

/** The keys as a person set them; all pages of this browser have the same. */
export class KeySet {
  readonly #characters = kept<unknown>("callin.characterKeys", "alone").follow();
  readonly #changed = kept<unknown>("callin.keys", {}).follow();

  readonly characters = $derived(charactersOf(this.#characters.value));
  readonly #keys = $derived(keysOf(this.#changed.value, this.characters));
  /** The commands by how they are pressed. */
  readonly commands: ReadonlyMap<Stroke, Command> = $derived.by(() => {
    const commands = new Map<Stroke, Command>();
    for (const { command, also } of bindings) {
      const stroke = this.pressed(command);
      if (stroke) commands.set(stroke, command);
      if (also) commands.set(also, command);
    }
    return commands;
  });
  readonly isStandard = $derived(
    this.characters === "alone" && bindings.every((b) => this.key(b.command) === b.key),
  );

  /** A command's key, without what is held down for all characters. */
  key = (command: Command): Stroke => this.#keys.get(command) ?? "";
  /** How it is pressed now, if it can be. */
  pressed = (command: Command): Stroke | undefined => pressed(this.key(command), this.characters);
  /** The command that has a key. */
  owner = (key: Stroke): Command | undefined => bindings.find((b) => this.key(b.command) === key)?.command;

  /** Gives a command a key; who has it gets that command's in its stead. */
  set(command: Command, key: Stroke) {
    const keys = new Map(this.#keys);
    const other = this.owner(key);
    if (other) keys.set(other, this.key(command));
    keys.set(command, key);
    this.#keep(keys);
  }

  #keep(keys: Map<Command, Stroke>) {
    const changed = bindings.filter((b) => keys.get(b.command) !== b.key).map((b) => b.command);
    this.#changed.value = Object.fromEntries(changed.map((command) => [command, keys.get(command)]));
  }

  /** Two commands that would have one key if characters were keys so; none when they can be. */
  clash = (characters: Characters): Command[] => ofTwo(this.#keys, characters);

  choose(characters: Characters) {
    this.#characters.value = characters;
  }

  backToStandard() {
    this.#changed.value = {};
    this.choose("alone");
  }
}

export const keySet = new KeySet();

/** What stands on the key cap of a command's button; nothing while it has no key. */
export function cap(command: Command): string {
  const [, deed, digit] = /^(take|place)(\d)$/.exec(command) ?? [];
  if (!deed) return capOf(keySet.pressed(command) ?? "");
  const held = deed === "take" ? withTake(keySet.characters) : withPlace(keySet.characters);
  return held === undefined ? "" : capOf(held + digit);
}

/** The keys that change a caller's place in the queue, as they stand on their caps. */
export const orderKeys = (): string =>
  [cap("makeNext"), cap("earlier"), cap("later"), `${cap("place1")}–9`, cap("makeLast")]
    .filter(Boolean)
    .join(", ");
