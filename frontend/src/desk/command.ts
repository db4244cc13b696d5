import { tick } from "svelte";
import { isDeck } from "../picture/lists";
import type { Desk } from "./desk.svelte";
import { type Command, commandFor, type Focus, isFunctionKey } from "./keys";
import { focusCard } from "./selection.svelte";
import type { Stage } from "./stage.svelte";

/** Carries out the command of a key press; the browser's own is then prevented. */
export function onKey(desk: Desk, event: KeyboardEvent) {
  const command = commandFor(event, focusOf(desk, event.target));
  if (!command) return;
  event.preventDefault();
  // An open overview covers the desk: nothing is pressed behind it but what is
  // for the caller on air, who cannot wait until it is closed.
  const covered = desk.keysShown || desk.recordShown;
  const closes = command === "cancel" || (desk.keysShown && command === "keys");
  if (covered && !closes && !isFunctionKey(event.key)) return;
  void run(desk, command);
}

function focusOf(desk: Desk, target: EventTarget | null): Focus {
  const element = target instanceof Element ? target : document.body;
  const field = element.closest("input:not([type=checkbox]), textarea, select, [contenteditable=true]");
  return {
    typing: field !== null,
    onControl: element.closest("button, a, summary, input") !== null,
    characters: desk.characterKeys.value,
  };
}

async function run(desk: Desk, command: Command) {
  const { store } = desk;
  const taken = /^take(\d)$/.exec(command);
  if (taken) {
    const card = store.ready[Number(taken[1]) - 1];
    if (card && desk.canTake(card)) await desk.take(card);
    return;
  }
  switch (command) {
    case "next":
      return desk.next();
    case "holdCurrent":
      if (store.current && desk.canHold(store.current)) await desk.holdOrResume(store.current);
      return;
    case "dropCurrent":
      if (store.current && !store.current.move) await desk.drop(store.current);
      return;
    case "undo": {
      const card = store.parked.find((c) => !c.move);
      if (card) await desk.undo(card);
      return;
    }
    case "bringBack":
      return desk.bringBack();
    case "mute":
      return desk.deskPhone.microphone.muteOrUnmute();
    case "phone":
      return desk.deskPhone.connectOrDisconnect();
    case "nextDirect":
      if (store.line?.direct) desk.nextDirect();
      return;
    case "openClose":
      await desk.openOrClose();
      return;
    case "takeOver":
      await desk.takeOver();
      return;
    case "up":
      return desk.selection.step(-1);
    case "down":
      return desk.selection.step(1);
    case "ringOne":
    case "ringFive":
    case "trouble":
    case "hangUpAll":
      if (store.picture?.station.rehearsal) await onStage(desk.stage, command);
      return;
    case "record":
      desk.recordShown = true;
      return;
    case "keys":
      desk.keysShown = !desk.keysShown;
      return;
    case "cancel":
      return cancel(desk);
  }
  await runOnSelected(desk, command);
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
  const card = desk.selection.card;
  if (!card) return;
  switch (command) {
    case "take":
      if (desk.canTake(card)) await desk.take(card);
      return;
    case "deck":
      if (desk.canDeck(card)) await desk.deck(card);
      return;
    case "hold":
      if (desk.canHold(card)) await desk.holdOrResume(card);
      return;
    case "drop":
      // A locked card is asked for too: the refusal says what to do.
      if (!card.move) await desk.drop(card);
      return;
    case "lock":
      await desk.lock(card);
      return;
    case "edit":
      return desk.editing.begin(card);
    case "aside":
      if (!card.move && !isDeck(card.place) && card.place.kind === "queue") await desk.aside(card);
      return;
    case "earlier":
      await desk.order(card, -1);
      return;
    case "later":
      await desk.order(card, 1);
      return;
  }
}

/** Esc: the overview, the record, the edit, the doubt, then the oldest message. */
async function cancel(desk: Desk) {
  const { draft } = desk.editing;
  if (desk.keysShown) desk.keysShown = false;
  else if (desk.recordShown) desk.recordShown = false;
  else if (draft) {
    desk.editing.cancel();
    await tick();
    focusCard(draft.call);
  } else desk.notices.dismissOldest();
}
