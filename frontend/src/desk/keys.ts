/** The desk's commands and the keys that they come with: one table. What a person set instead is in keyset. */

import type { Stroke } from "./stroke";

export type Command =
  | "next"
  | "holdCurrent"
  | "dropCurrent"
  | "undo"
  | "bringBack"
  | "mute"
  | "phone"
  | "nextDirect"
  | "fadeUp"
  | "fadeDown"
  | "muteCaller"
  | "cue"
  | "toLane"
  | "moveLane"
  | "openClose"
  | "takeOver"
  | "reserve"
  | "takeLanes"
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
  | "answerNext"
  | "answer"
  | "sendReady"
  | "readyNext"
  | "holdOff"
  | "notNow"
  | "sendBack"
  | "goodbye"
  | "message"
  | "give"
  | "propose"
  | "chat"
  | "seen"
  | "talkback"
  | "talkHeld"
  | "desks"
  | "account"
  | "doctor"
  | "costs"
  | `place${number}`
  | `take${number}`;

export interface Binding {
  command: Command;
  /** Its standard key. */
  key: Stroke;
  /** A second key, which cannot be changed. */
  also?: Stroke;
  /** The key stays as it is: what it does is the same in every list and dialog. */
  fixed?: true;
  words: string;
  group: Group;
}

export const groups = ["On air", "Screening", "The selected caller", "The desk", "Rehearsal"] as const;
export type Group = (typeof groups)[number];

/** For the caller on air, who cannot wait: these work whatever covers the desk. */
export const onAir: ReadonlySet<Command> = new Set<Command>(["next", "holdCurrent", "dropCurrent"]);

/** For who is talked to, on air or off: with Alt these work in the midst of typing, too. */
export const whileTyping: ReadonlySet<Command> = new Set<Command>([
  ...onAir,
  "answerNext",
  "sendReady",
  "readyNext",
  "holdOff",
  "notNow",
  "sendBack",
  "goodbye",
  "message",
  "give",
  "seen",
]);

type Row = Omit<Binding, "group">;

const ofAir: Row[] = [
  { command: "next", key: "F1", words: "Next: take the next caller" },
  { command: "holdCurrent", key: "F6", words: "Hold or resume the current caller" },
  { command: "dropCurrent", key: "F10", words: "Drop the current caller" },
  { command: "undo", key: "u", words: "Undo the last drop, Next or closing" },
  { command: "bringBack", key: "b", words: "Bring back those held when the phone left" },
  { command: "nextDirect", key: "*", words: "Next caller, in direct mode" },
  { command: "fadeUp", key: "+", words: "Fader of the selected or current caller: louder" },
  { command: "fadeDown", key: "-", words: "The same: softer" },
  { command: "muteCaller", key: "Shift+m", words: "The same: mute or unmute (of a shared lane all)" },
  {
    command: "cue",
    key: "Shift+u",
    words: "The same: listen before the fader, by the cue's output, or no more",
  },
  { command: "toLane", key: ".", words: "The lane that Take and Next use: the first free, or another" },
  { command: "moveLane", key: ",", words: "Move the selected or current caller to that lane" },
];

const ofScreening: Row[] = [
  { command: "answerNext", key: "F2", words: "Answer the next caller to screen, off air" },
  { command: "sendReady", key: "F4", words: "The caller with you: ready for the air" },
  { command: "readyNext", key: "F8", words: "The same, and answer the next to screen" },
  { command: "holdOff", key: "Shift+F6", words: "The caller with you: hold or resume, off air" },
  { command: "talkHeld", key: "Shift+h", words: "Talk, off air, to who is on hold; again: back on hold" },
  { command: "notNow", key: "Shift+F9", words: "Not now: after all others who wait to be screened" },
  { command: "sendBack", key: "F9", words: "Back to waiting, with a reason" },
  { command: "goodbye", key: "Shift+F8", words: "Goodbye, with chosen words" },
  { command: "message", key: "Shift+F4", words: "Let the caller leave a message (press twice)" },
  { command: "give", key: "Shift+F2", words: "Give the caller to another studio" },
];

const ofSelected: Row[] = [
  { command: "up", key: "ArrowUp", fixed: true, words: "Select the caller above" },
  { command: "down", key: "ArrowDown", fixed: true, words: "Select the caller below" },
  { command: "first", key: "Home", words: "Select the first caller of the list" },
  { command: "last", key: "End", words: "Select the last caller of the list" },
  { command: "left", key: "ArrowLeft", fixed: true, words: "The button before, of that caller" },
  { command: "right", key: "ArrowRight", fixed: true, words: "The button after, of that caller" },
  { command: "take", key: "t", words: "Take to air" },
  { command: "deck", key: "k", words: "On deck" },
  { command: "hold", key: "h", words: "Hold or resume" },
  { command: "drop", key: "d", words: "Drop" },
  { command: "lock", key: "l", words: "Lock or unlock" },
  { command: "edit", key: "e", also: "Enter", words: "Edit the card (Enter saves, Esc cancels)" },
  { command: "aside", key: "s", words: "Set aside, or make ready" },
  { command: "useBefore", key: "i", words: "Use what was typed when this number rang before" },
  { command: "answer", key: "f", words: "Answer, off air" },
  { command: "propose", key: "v", words: "▲ Propose as the next" },
  { command: "makeNext", key: "n", also: "Alt+Home", words: "Make next" },
  { command: "makeLast", key: "Alt+End", words: "To the end of the queue" },
  { command: "earlier", key: "Alt+ArrowUp", words: "One place earlier" },
  { command: "later", key: "Alt+ArrowDown", words: "One place later" },
];

const ofDesk: Row[] = [
  { command: "mute", key: "m", words: "Mute or unmute the microphone" },
  { command: "phone", key: "p", words: "Connect or disconnect the phone (somebody on air: press twice)" },
  { command: "openClose", key: "o", words: "Open or close the show (close: press twice)" },
  { command: "reserve", key: "Shift+p", words: "Lanes: this desk in reserve for another one, or no more" },
  {
    command: "takeLanes",
    key: "Shift+b",
    words: "Lanes: take them over from another desk, with their callers",
  },
  { command: "takeOver", key: "Shift+v", words: "Take the calls over from another Callin (press twice)" },
  { command: "record", key: "r", words: "The record of this show and earlier ones" },
  { command: "sheet", key: "Shift+r", words: "After the show: its sheet, to read and print" },
  { command: "waits", key: "Shift+w", words: "How long each one waits, and the queue over the show" },
  { command: "find", key: "/", words: "Find callers by name, number or topic (Esc shows all again)" },
  { command: "sayNext", key: "q", words: "Say who is next" },
  { command: "sayAir", key: "a", words: "Say who is on air, and for how long" },
  { command: "sayWaiting", key: "w", words: "Say how many wait" },
  { command: "chat", key: "z", words: "Write to the other desks" },
  { command: "talkback", key: "Shift+y", words: "Talk to the host alone, or no more" },
  { command: "seen", key: "x", words: "Seen: what was said to the host" },
  { command: "desks", key: "Shift+d", words: "The station's desks, for a manager" },
  { command: "account", key: "Shift+a", words: "The station's account at Twilio, for a manager" },
  { command: "doctor", key: "Shift+l", words: "Doctor: look everything over, and the emergency sheet" },
  { command: "costs", key: "Shift+e", words: "Costs: this show, this month and its limit" },
  { command: "newest", key: "j", words: "Go to the newest message" },
  { command: "keys", key: "?", words: "This overview" },
  { command: "cancel", key: "Escape", fixed: true, words: "Cancel, or dismiss a message" },
];

const ofRehearsal: Row[] = [
  { command: "ringOne", key: "c", words: "A caller rings" },
  { command: "ringFive", key: "Shift+c", words: "Five callers ring" },
  { command: "trouble", key: "g", words: "Begin or end the chosen trouble" },
  { command: "hangUpAll", key: "Shift+x", words: "Everybody hangs up" },
];

const rows: [Group, Row[]][] = [
  ["On air", ofAir],
  ["Screening", ofScreening],
  ["The selected caller", ofSelected],
  ["The desk", ofDesk],
  ["Rehearsal", ofRehearsal],
];

export const bindings: Binding[] = rows.flatMap(([group, of]) => of.map((row) => ({ ...row, group })));

/** What a command does, without what its second press or other keys do. */
export const deed = ({ words }: Binding): string => words.replace(/ \(.*\)$/, "");
