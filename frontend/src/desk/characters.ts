import { isCharacter, type Stroke } from "./stroke";

/** How letters, digits and signs are keys: a screen reader or a playout program may want them for itself. */
export type Characters = "alone" | "ctrl" | "alt" | "off";

const modifiers = { alone: "", ctrl: "Ctrl+", alt: "Alt+" };

/** What is kept; until there were four, it was kept whether they are keys. */
export function charactersOf(kept: unknown): Characters {
  if (kept === false || kept === "off") return "off";
  return kept === "ctrl" || kept === "alt" ? kept : "alone";
}

/** How a command's key is pressed; not at all, if it is a character and these are off. */
export function pressed(key: Stroke, characters: Characters): Stroke | undefined {
  if (!isCharacter(key)) return key;
  return characters === "off" ? undefined : modifiers[characters] + key;
}

/** The key that is pressed so: a character is a command's without what is held down for all of them. */
export function meant(stroke: Stroke, characters: Characters): Stroke {
  if (characters === "off" || characters === "alone") return stroke;
  const modifier = modifiers[characters];
  const bare = stroke.startsWith(modifier) ? stroke.slice(modifier.length) : stroke;
  return isCharacter(bare) ? bare : stroke;
}

/** What is held down for a digit to take the caller of that number; undefined when none does. */
export const withTake = (characters: Characters): string | undefined =>
  characters === "off" ? undefined : modifiers[characters];
/** What is held down for a digit to put the selected caller at that place: Alt, or Ctrl where Alt is taken. */
export const withPlace = (characters: Characters): string => (characters === "alt" ? "Ctrl+" : "Alt+");
