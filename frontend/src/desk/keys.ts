/** The desk's keys: one table for what they do and for what is shown of them. */

export type Command =
  | "next"
  | "holdCurrent"
  | "dropCurrent"
  | "undo"
  | "bringBack"
  | "mute"
  | "phone"
  | "nextDirect"
  | "openClose"
  | "takeOver"
  | "sayNext"
  | "sayAir"
  | "sayWaiting"
  | "newest"
  | "left"
  | "right"
  | "up"
  | "down"
  | "first"
  | "last"
  | "find"
  | "earlier"
  | "later"
  | "take"
  | "deck"
  | "hold"
  | "drop"
  | "lock"
  | "edit"
  | "aside"
  | "useBefore"
  | "ringOne"
  | "ringFive"
  | "trouble"
  | "hangUpAll"
  | "record"
  | "sheet"
  | "waits"
  | "keys"
  | "cancel"
  | "makeNext"
  | "makeLast"
  | `place${number}`
  | `take${number}`;

export interface Binding {
  command: Command;
  /** KeyboardEvent.key, letters in lower case. */
  key: string;
  with?: "alt" | "shift";
  /** What stands on the button's key cap. */
  cap: string;
  words: string;
  group: "On air" | "The selected caller" | "The desk" | "Rehearsal";
}

export const bindings: Binding[] = [
  { command: "next", key: "F1", cap: "F1", words: "Next: take the next caller", group: "On air" },
  {
    command: "holdCurrent",
    key: "F6",
    cap: "F6",
    words: "Hold or resume the current caller",
    group: "On air",
  },
  { command: "dropCurrent", key: "F10", cap: "F10", words: "Drop the current caller", group: "On air" },
  { command: "undo", key: "u", cap: "U", words: "Undo the last drop, Next or closing", group: "On air" },
  {
    command: "bringBack",
    key: "b",
    cap: "B",
    words: "Bring back those held when the phone left",
    group: "On air",
  },
  { command: "nextDirect", key: "*", cap: "*", words: "Next caller, in direct mode", group: "On air" },
  { command: "up", key: "ArrowUp", cap: "↑", words: "Select the caller above", group: "The selected caller" },
  {
    command: "down",
    key: "ArrowDown",
    cap: "↓",
    words: "Select the caller below",
    group: "The selected caller",
  },
  {
    command: "first",
    key: "Home",
    cap: "Home",
    words: "Select the first caller of the list",
    group: "The selected caller",
  },
  {
    command: "last",
    key: "End",
    cap: "End",
    words: "Select the last caller of the list",
    group: "The selected caller",
  },
  {
    command: "left",
    key: "ArrowLeft",
    cap: "←",
    words: "The button before, of that caller",
    group: "The selected caller",
  },
  {
    command: "right",
    key: "ArrowRight",
    cap: "→",
    words: "The button after, of that caller",
    group: "The selected caller",
  },
  { command: "take", key: "t", cap: "T", words: "Take to air", group: "The selected caller" },
  { command: "deck", key: "k", cap: "K", words: "On deck", group: "The selected caller" },
  { command: "hold", key: "h", cap: "H", words: "Hold or resume", group: "The selected caller" },
  { command: "drop", key: "d", cap: "D", words: "Drop", group: "The selected caller" },
  { command: "lock", key: "l", cap: "L", words: "Lock or unlock", group: "The selected caller" },
  {
    command: "edit",
    key: "e",
    cap: "E",
    words: "Edit the card (Enter saves, Esc cancels)",
    group: "The selected caller",
  },
  { command: "edit", key: "Enter", cap: "Enter", words: "Edit the card", group: "The selected caller" },
  { command: "aside", key: "s", cap: "S", words: "Set aside, or make ready", group: "The selected caller" },
  {
    command: "useBefore",
    key: "i",
    cap: "I",
    words: "Use what was typed when this number rang before",
    group: "The selected caller",
  },
  { command: "makeNext", key: "n", cap: "N", words: "Make next", group: "The selected caller" },
  {
    command: "makeNext",
    key: "Home",
    with: "alt",
    cap: "Alt Home",
    words: "Make next",
    group: "The selected caller",
  },
  {
    command: "makeLast",
    key: "End",
    with: "alt",
    cap: "Alt End",
    words: "To the end of the queue",
    group: "The selected caller",
  },
  {
    command: "earlier",
    key: "ArrowUp",
    with: "alt",
    cap: "Alt ↑",
    words: "One place earlier",
    group: "The selected caller",
  },
  {
    command: "later",
    key: "ArrowDown",
    with: "alt",
    cap: "Alt ↓",
    words: "One place later",
    group: "The selected caller",
  },
  { command: "mute", key: "m", cap: "M", words: "Mute or unmute the microphone", group: "The desk" },
  {
    command: "phone",
    key: "p",
    cap: "P",
    words: "Connect or disconnect the phone (somebody on air: press twice)",
    group: "The desk",
  },
  {
    command: "openClose",
    key: "o",
    cap: "O",
    words: "Open or close the show (close: press twice)",
    group: "The desk",
  },
  {
    command: "takeOver",
    key: "v",
    with: "shift",
    cap: "⇧V",
    words: "Take the calls over from another Callin (press twice)",
    group: "The desk",
  },
  {
    command: "record",
    key: "r",
    cap: "R",
    words: "The record of this show and earlier ones",
    group: "The desk",
  },
  {
    command: "sheet",
    key: "r",
    with: "shift",
    cap: "⇧R",
    words: "After the show: its sheet, to read and print",
    group: "The desk",
  },
  {
    command: "waits",
    key: "w",
    with: "shift",
    cap: "⇧W",
    words: "How long each one waits, and the queue over the show",
    group: "The desk",
  },
  {
    command: "find",
    key: "/",
    cap: "/",
    words: "Find callers by name, number or topic (Esc shows all again)",
    group: "The desk",
  },
  { command: "sayNext", key: "q", cap: "Q", words: "Say who is next", group: "The desk" },
  {
    command: "sayAir",
    key: "a",
    cap: "A",
    words: "Say who is on air, and for how long",
    group: "The desk",
  },
  { command: "sayWaiting", key: "w", cap: "W", words: "Say how many wait", group: "The desk" },
  { command: "newest", key: "j", cap: "J", words: "Go to the newest message", group: "The desk" },
  { command: "keys", key: "?", cap: "?", words: "This overview", group: "The desk" },
  { command: "cancel", key: "Escape", cap: "Esc", words: "Cancel, or dismiss a message", group: "The desk" },
  { command: "ringOne", key: "c", cap: "C", words: "A caller rings", group: "Rehearsal" },
  { command: "ringFive", key: "c", with: "shift", cap: "⇧C", words: "Five callers ring", group: "Rehearsal" },
  { command: "trouble", key: "g", cap: "G", words: "Begin or end the chosen trouble", group: "Rehearsal" },
  {
    command: "hangUpAll",
    key: "x",
    with: "shift",
    cap: "⇧X",
    words: "Everybody hangs up",
    group: "Rehearsal",
  },
];

/** What stands on the key cap of a command's button. */
export const cap = (command: Command): string => bindings.find((b) => b.command === command)?.cap ?? "";

/** The part of a KeyboardEvent that decides. */
export type KeyPress = Pick<KeyboardEvent, "key" | "altKey" | "ctrlKey" | "metaKey" | "shiftKey" | "repeat">;

export interface Focus {
  /** The keys go into a field: only function keys and Esc are commands. */
  typing: boolean;
  /** A button or link has the focus: Enter is its own. */
  onControl: boolean;
  /** Single characters are commands; a person can switch that off, and who is typing has. */
  characters: boolean;
}

/** Function keys are the on-air ones: they are commands whatever has the focus. */
export const isFunctionKey = (key: string): boolean => /^F\d+$/.test(key);

/** The command that a key press is, if any. */
export function commandFor(press: KeyPress, focus: Focus): Command | undefined {
  const { key } = press;
  if (press.ctrlKey || press.metaKey) return undefined;
  const always = isFunctionKey(key) || key === "Escape";
  if (focus.typing && !always) return undefined;
  if (focus.onControl && key === "Enter") return undefined;
  const character = key.length === 1;
  if (character && !focus.characters) return undefined;
  if (press.repeat && (press.altKey || !key.startsWith("Arrow"))) return undefined;
  if (/^[1-9]$/.test(key)) return press.altKey ? `place${Number(key)}` : `take${Number(key)}`;

  const letter = /^[a-z]$/i.test(key);
  const wanted = letter ? key.toLowerCase() : key;
  // Signs such as ? and * need Shift on some keyboards and not on others.
  const pressed = press.altKey ? "alt" : press.shiftKey && !(character && !letter) ? "shift" : undefined;
  return bindings.find((b) => b.key === wanted && b.with === pressed)?.command;
}
