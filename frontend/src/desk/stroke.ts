/**
 * One press of a key, with what is held down meanwhile: "F10", "Alt+d", "Ctrl+Shift+v", "?". Letters are
 * small, so that Caps Lock is no matter; signs need Shift on some keyboards and not on others, so it is not said.
 */
export type Stroke = string;

/** The part of a KeyboardEvent that decides. */
export type KeyPress = Pick<
  KeyboardEvent,
  "key" | "code" | "altKey" | "ctrlKey" | "metaKey" | "shiftKey" | "repeat"
>;

const isLetter = (key: string): boolean => key.length === 1 && key.toLowerCase() !== key.toUpperCase();

/** What the key says. With Option macOS gives other signs than are printed: there it is known by its place. */
function printed({ key, code, altKey, shiftKey }: KeyPress): string {
  if (!altKey) return key;
  const [, letter] = /^Key([A-Z])$/.exec(code) ?? [];
  if (letter && !/^[a-z]$/i.test(key)) return letter;
  const [, digit] = /^Digit(\d)$/.exec(code) ?? [];
  return digit && !shiftKey ? digit : key;
}

/**
 * The stroke of a press. Ctrl and Alt together are AltGr on some keyboards, which types signs, and the
 * Mac's command key is its own: they are none.
 */
export function strokeOf(press: KeyPress): Stroke | undefined {
  if (press.metaKey || (press.ctrlKey && press.altKey)) return undefined;
  const key = printed(press);
  const sign = key.length === 1 && !isLetter(key);
  const held = `${press.ctrlKey ? "Ctrl+" : ""}${press.altKey ? "Alt+" : ""}${press.shiftKey && !sign ? "Shift+" : ""}`;
  return held + (isLetter(key) ? key.toLowerCase() : key);
}

/** A stroke's parts: what is held down, and the key. */
export function partsOf(stroke: Stroke): { held: string; key: string } {
  const held = /^(?:Ctrl\+|Alt\+)?(?:Shift\+)?(?=.)/su.exec(stroke)?.[0] ?? "";
  return { held, key: stroke.slice(held.length) };
}

/** A letter, digit or sign with neither Ctrl nor Alt. */
export const isCharacter = (stroke: Stroke): boolean => /^(Shift\+)?.$/u.test(stroke);
/** The on-air ones come on these: nobody types with them. */
export const isFunctionKey = (stroke: Stroke): boolean => /^F\d+$/.test(partsOf(stroke).key);

const named = /^(F([1-9]|1\d|2[0-4])|Home|End|PageUp|PageDown|Insert|Delete|Arrow(Up|Down|Left|Right))$/;

/** Whether a text is a stroke as strokeOf gives it, of a key that can be had on most keyboards. */
export function isStroke(text: string): boolean {
  const { held, key } = partsOf(text);
  if (named.test(key)) return true;
  if (!/^[^\s\p{C}\p{M}]$/u.test(key) || key.length > 1) return false;
  return isLetter(key) ? key === key.toLowerCase() : !held.includes("Shift");
}

const short: Record<string, string> = {
  ArrowUp: "↑",
  ArrowDown: "↓",
  ArrowLeft: "←",
  ArrowRight: "→",
  Escape: "Esc",
};

/** What stands on its key cap. */
export function capOf(stroke: Stroke): string {
  const { held, key } = partsOf(stroke);
  const said = short[key] ?? (isLetter(key) ? key.toUpperCase() : key);
  return held.replace("Shift+", "⇧").replace("+", " ") + said;
}
