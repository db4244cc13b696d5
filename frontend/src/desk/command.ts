import { tick } from "svelte";
import { settle } from "../parts/hand";
import { stepInRow } from "../parts/roving";
import { clock } from "../picture/clock.svelte";
import { answers } from "../picture/spoken";
import type { Desk } from "./desk.svelte";
import { bindings, type Command, onAir, whileTyping } from "./keys";
import { cap, keySet } from "./keyset.svelte";
import { commandFor, type Focus, goesOn } from "./press";
import { focusCard } from "./selection.svelte";
import type { Stage } from "./stage.svelte";
import { whyNot, whyNotSelected } from "./whynot";

/** Carries out the command of a key press; the browser's own is then prevented. */
export function onKey(desk: Desk, event: KeyboardEvent) {
  if (desk.keyChange.command) {
    event.preventDefault();
    desk.keyChange.onKey(event);
    return;
  }
  const typing = isTyping(desk, event);
  const command = commandFor(event, focusOf(event.target), keySet);
  if (!command) {
    if (desk.window?.onKey(event)) event.preventDefault();
    return;
  }
  if (event.repeat && !goesOn.has(command)) {
    event.preventDefault(); // or the browser would reload the page, go back or close a dialog
    return;
  }
  const held = event.ctrlKey || event.altKey;
  if (typing && event.key.length === 1 && !(held && whileTyping.has(command))) {
    event.preventDefault();
    desk.notices.tell(
      `Keys that are typed like words are no commands. Press ${cap("edit") || "Enter"} on a caller to type.`,
      "refused",
    );
    return;
  }
  const ignored = isBehind(desk, command);
  // With Ctrl it is then the browser's: what covers the desk can be copied and printed.
  if (!ignored || !event.ctrlKey) event.preventDefault();
  if (!ignored) void run(desk, command);
}

/** Carries out what an item of the window's menu is for, as its key does. */
export function onMenu(desk: Desk, chosen: string) {
  if (desk.window?.onMenu(chosen)) return;
  const command = bindings.find((b) => b.command === chosen)?.command;
  if (command && !isBehind(desk, command)) void run(desk, command);
}

/**
 * Whether a command is behind what covers the desk: nothing is pressed there but what is for the caller on
 * air, who cannot wait until an overview is closed.
 */
function isBehind(desk: Desk, command: Command): boolean {
  const closes = command === "cancel" || (desk.keysShown && command === "keys");
  const ofRecord = command === "sheet" && desk.recordShown && !desk.keysShown;
  const within = closes || ofRecord || command === "newest";
  return desk.covered && !within && !onAir.has(command);
}

/** Letters that follow one another faster than this, in ms, are a word. */
const wordPace = 250;
/** How long after a card was left letters are still meant for it, in ms. */
const stillTyping = 1500;

let character: { key: string; at: number } | undefined;

/** Whether somebody seems to type words: on a card, or where they believe one to be. */
function isTyping(desk: Desk, event: KeyboardEvent): boolean {
  const at = performance.now();
  const before = character;
  const alone = !event.ctrlKey && !event.metaKey && !event.altKey;
  const loose = alone && !focusOf(event.target).typing; // what a field takes in is no key of the desk's
  character = event.key.length === 1 && loose ? { key: event.key, at } : undefined;
  const word =
    before !== undefined &&
    before.key !== event.key &&
    at - before.at < wordPace &&
    /^[a-z]$/i.test(before.key);
  return word || desk.editing.draft !== undefined || at - desk.editing.leftAt < stillTyping;
}

function focusOf(target: EventTarget | null): Focus {
  const element = target instanceof Element ? target : document.body;
  const field = element.closest(
    "input:not([type=checkbox], [type=range]), textarea, select, [contenteditable=true]",
  );
  return {
    typing: field !== null,
    onControl: element.closest("button, a, summary, input") !== null,
  };
}

async function run(desk: Desk, command: Command) {
  const { store } = desk;
  if (isDoubled(command)) return;
  if (moving.has(command) || /^place/.test(command)) desk.settle();
  const why = whyNot(desk, command);
  // That another one was selected is told of the press, and stays true of it.
  const ofThePress = desk.selection.hasJustMoved;
  if (why) return desk.notices.tell(why, "refused", () => ofThePress || whyNot(desk, command) === why);
  const taken = /^take(\d)$/.exec(command);
  if (taken) return takeNumbered(desk, Number(taken[1]));
  switch (command) {
    case "next":
      return desk.next();
    case "holdCurrent":
      if (store.current) await desk.holdOrResume(store.current);
      return;
    case "dropCurrent":
      if (store.current) await desk.drop(store.current);
      return;
    case "undo":
      return desk.undoLast();
    case "bringBack":
      return desk.bringBack();
    case "mute":
      return desk.deskPhone.microphone.muteOrUnmute();
    case "phone":
      return desk.deskPhone.connectOrDisconnect();
    case "nextDirect":
      return desk.nextDirect();
    case "toLane":
      return desk.deskPhone.lanes.chooseNext();
    case "moveLane":
      if (desk.onALane) await desk.toLane(desk.onALane);
      return;
    case "fadeUp":
    case "fadeDown":
    case "muteCaller":
    case "cue":
      return moveFader(desk, command);
    case "openClose":
      await desk.openOrClose();
      return;
    case "reserve":
      return desk.deskPhone.reserve.change();
    case "takeLanes":
      return desk.deskPhone.reserve.takeLanes();
    case "takeOver":
      await desk.takeOver();
      return;
    case "answerNext":
      return desk.screening.answerNext();
    case "readyNext":
      return desk.screening.readyNext();
    case "holdOff":
      return desk.screening.holdOrResume();
    case "talkHeld":
      return desk.screening.talkOrBack();
    case "sendReady":
    case "notNow":
    case "message":
      await withCurrent(desk, command);
      return;
    case "sendBack":
      return choose(desk, "back");
    case "goodbye":
    case "give":
      return choose(desk, command);
    case "chat":
      return desk.chat.begin();
    case "talkback":
      return desk.deskPhone.talkToHost();
    case "seen":
      return desk.chat.seen();
    case "desks":
      desk.desksShown = true;
      return;
    case "account":
      desk.setupShown = true;
      return;
    case "doctor":
      desk.doctorShown = true;
      return;
    case "costs":
      desk.costsShown = true;
      return;
    case "up":
      return step(desk, -1);
    case "down":
      return step(desk, 1);
    case "first":
      return desk.selectEnd(0);
    case "last":
      return desk.selectEnd(-1);
    case "find":
      return desk.find.begin();
    case "left":
      return stepWithin(desk, -1);
    case "right":
      return stepWithin(desk, 1);
    case "sayNext":
    case "sayAir":
    case "sayWaiting":
      return answer(desk, command);
    case "newest":
      return toNewest(desk);
    case "ringOne":
    case "ringFive":
    case "trouble":
    case "hangUpAll":
      await onStage(desk.stage, command);
      return;
    case "record":
      desk.recordShown = true;
      return;
    case "sheet":
      if (!desk.sheetOf) desk.showSheet();
      return;
    case "waits":
      desk.waitsShown = true;
      return;
    case "keys":
      desk.keysShown = !desk.keysShown;
      return;
    case "cancel":
      return cancel(desk);
  }
  await runOnSelected(desk, command);
}

/** Of the caller with this desk; not now also of a selected one, who waits to be screened. */
async function withCurrent({ screening, selection }: Desk, command: "sendReady" | "notNow" | "message") {
  const card = screening.current ?? (command === "notNow" ? selection.card : undefined);
  if (!card) return;
  if (command === "sendReady") await screening.ready(card);
  else if (command === "notNow") await screening.notNow(card);
  else await screening.message(card);
}

function choose({ screening }: Desk, what: "back" | "goodbye" | "give") {
  screening.choosing = screening.choosing === what ? undefined : what;
}

function step(desk: Desk, by: -1 | 1) {
  if (!desk.selection.step(by)) desk.notices.tell("Nobody is here to be selected.", "refused");
}

/** Goes through the buttons of the row that has the focus, or of the selected caller. */
function stepWithin(desk: Desk, by: -1 | 1) {
  const { call } = desk.selection;
  const row =
    document.activeElement?.closest("[data-call]") ??
    (call ? document.querySelector(`[data-call="${CSS.escape(call)}"]`) : null);
  if (row) stepInRow(row, by);
  else desk.notices.tell(whyNotSelected(desk, "left") ?? "", "refused");
}

const asked = { sayNext: answers.next, sayAir: answers.onAir, sayWaiting: answers.waiting };

function answer(desk: Desk, command: keyof typeof asked) {
  const { picture } = desk.store;
  if (picture) desk.notices.tell(asked[command](picture, clock.now), "answered");
}

/** Gives the focus to the newest message, whose button says it. */
function toNewest(desk: Desk) {
  const newest = desk.notices.list.at(-1);
  if (newest) document.querySelector<HTMLElement>(`[data-notice="${newest.id}"]`)?.focus();
  else desk.notices.tell("There is no message.", "refused");
}

let last: { command: Command; at: number } | undefined;

/** Whether a command is the second half of one press. What only looks around or makes callers up may be quick. */
function isDoubled(command: Command): boolean {
  const at = performance.now();
  const doubled = last?.command === command && at - last.at < settle && !quick.has(command);
  last = { command, at };
  return doubled;
}

const quick = new Set<Command>([
  "up",
  "down",
  "first",
  "last",
  "left",
  "right",
  "earlier",
  "later",
  "find",
  "ringOne",
  "ringFive",
  "trouble",
  "cancel",
  "edit",
  "keys",
  "record",
  "sheet",
  "waits",
  "doctor",
  "costs",
  "nextDirect",
  "fadeUp",
  "fadeDown",
  "toLane",
]);

/** Those who go through the lists or change their order want to see them as they are. */
const moving = new Set<Command>(["up", "down", "first", "last", "earlier", "later", "makeNext", "makeLast"]);

/** Takes who has, or had a moment ago, a number in the list of those who are ready. */
async function takeNumbered(desk: Desk, n: number) {
  const meant = desk.shown.numbered(n);
  const card = desk.store.card(meant?.call);
  if (!desk.store.is("host")) return desk.screening.answer(card);
  const waits = card && desk.isReady(card);
  // Whom the find does not show is not meant.
  if (waits && !desk.lists.ready.rows.some((row) => row.card === card)) return;
  if (waits && desk.canTake(card)) await desk.take(card);
  else if (meant && !card?.move)
    desk.notices.tell(`${n} was ${meant.title}, who is not waiting any more. Nobody was taken.`, "refused");
}

function onStage(stage: Stage, command: "ringOne" | "ringFive" | "trouble" | "hangUpAll") {
  switch (command) {
    case "ringOne":
      return stage.ring(1);
    case "ringFive":
      return stage.ring(5);
    case "trouble":
      return stage.beginOrEnd();
    case "hangUpAll":
      return stage.hangUpAll();
  }
}

async function runOnSelected(desk: Desk, command: Command) {
  const why = whyNotSelected(desk, command);
  if (why) return desk.notices.tell(why, "refused");
  const card = desk.selection.card;
  if (!card) return;
  const placed = /^place(\d)$/.exec(command);
  if (placed) {
    await desk.orderAt(card, Number(placed[1]) - 1);
    return;
  }
  switch (command) {
    case "take":
      await desk.take(card);
      return;
    case "deck":
      await desk.deck(card);
      return;
    case "hold":
      await desk.holdOrResume(card);
      return;
    case "drop":
      // A locked card is asked for too: the refusal says what to do.
      await desk.drop(card);
      return;
    case "lock":
      await desk.lock(card);
      return;
    case "edit":
      return desk.open(card);
    case "answer":
      return desk.screening.answer(card);
    case "propose":
      await desk.screening.propose(card);
      return;
    case "aside":
      await desk.aside(card);
      return;
    case "useBefore":
      await desk.useBefore(card);
      return;
    case "makeNext":
      await desk.makeNext(card);
      return;
    case "makeLast":
      await desk.orderAt(card, Number.POSITIVE_INFINITY);
      return;
    case "earlier":
      await desk.order(card, -1);
      return;
    case "later":
      await desk.order(card, 1);
      return;
  }
}

/** Esc: what covers the desk, what is being chosen or edited, the find, the open card, then the oldest message. */
async function cancel(desk: Desk) {
  const { draft } = desk.editing;
  if (desk.updateShown) desk.updateShown = false;
  else if (desk.keysShown) desk.keysShown = false;
  else if (desk.desksShown) desk.desksShown = false;
  else if (desk.setupShown) desk.setupShown = false;
  else if (desk.doctorShown) desk.doctorShown = false;
  else if (desk.costsShown) desk.costsShown = false;
  else if (desk.sheetOf !== undefined) desk.sheetOf = undefined;
  else if (desk.recordShown) desk.recordShown = false;
  else if (desk.waitsShown) desk.waitsShown = false;
  else if (desk.screening.choosing) desk.screening.choosing = undefined;
  else if (draft) {
    desk.editing.cancel();
    await tick();
    focusCard(draft.call);
  } else if (desk.find.active) await desk.leaveFind();
  else if (desk.screening.opened) desk.screening.opened = undefined;
  else desk.notices.dismissOldest();
}

/** How far a press moves a fader, in dB. */
const fades = 2;

function moveFader({ deskPhone, onFader }: Desk, command: "fadeUp" | "fadeDown" | "muteCaller" | "cue") {
  const { lanes } = deskPhone;
  const lane = lanes.at(onFader?.place.name);
  if (lane < 0) return;
  if (command === "muteCaller") lanes.mute(lane, !lanes.isMuted(lane));
  else if (command === "cue") lanes.cue(lane);
  else lanes.fade(lane, lanes.fader(lane) + (command === "fadeUp" ? fades : -fades));
}
