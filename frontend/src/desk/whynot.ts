import type { Card } from "../backend/contract";
import { isDeck, isHeld, isTalking, orderBefore } from "../picture/lists";
import { going, nobodyNext, title } from "../picture/words";
import type { Desk } from "./desk.svelte";
import type { Row } from "./heldstill.svelte";
import type { Command } from "./keys";
import { cap } from "./keyset.svelte";
import { whyMayNot } from "./may";

/** Why a command does nothing now, for a key that seems dead; undefined when it does something. */
export function whyNot(desk: Desk, command: Command): string | undefined {
  const { store } = desk;
  const state = store.picture?.show.state;
  const may = store.picture && whyMayNot(store, command);
  if (may) return may;
  switch (command) {
    case "next":
      if (desk.deskPhone.whyNotToAir) return desk.deskPhone.whyNotToAir;
      if (!store.picture || store.next || store.line?.direct) return undefined;
      return nobodyNext(store.picture, store.ready, store.aside);
    case "holdCurrent":
      return whyNotCurrent(desk) ?? (store.current && whyNoHold(store.current));
    case "dropCurrent":
      return whyNotCurrent(desk);
    case "bringBack":
      return store.lost.length ? undefined : "Nobody was put on hold by a lost phone.";
    case "nextDirect":
      return store.line?.direct
        ? undefined
        : `The phone is not in direct mode. ${cap("next") ? `Next is ${cap("next")}.` : "Press Next."}`;
    case "toLane":
      return desk.deskPhone.lanes.count < 2 ? "All callers share one lane here." : undefined;
    case "moveLane":
      return whyNotMoved(desk);
    case "reserve":
      return desk.deskPhone.reserve.possible
        ? undefined
        : "A reserve is for a host's phone where callers have lanes.";
    case "takeLanes":
      if (desk.deskPhone.reserve.canTake || desk.phone.reserve) return undefined;
      return "No other desk's phone has lanes that could be taken over.";
    case "fadeUp":
    case "fadeDown":
    case "muteCaller":
    case "cue":
      if (desk.deskPhone.lanes.count < 2) return "All callers share one fader here.";
      if (!desk.deskPhone.lanes.mixes) return "The faders are on the page that has the phone.";
      if (command === "cue" && !desk.deskPhone.lanes.patch.cue)
        return "The cue has no output: choose one under Sound devices, in the Phone panel.";
      return desk.onFader ? undefined : "Nobody is on air.";
    case "openClose":
      return state === "opening" || state === "closing" ? `The show is ${state}. Wait a moment.` : undefined;
    case "takeOver":
      return desk.isTakenOver ? undefined : "No other Callin has the calls.";
    case "answerNext":
      return desk.screening.whyNotAnswered(desk.screening.waiting[0]);
    case "sendReady":
    case "readyNext":
    case "sendBack":
    case "message":
    case "goodbye":
      return whyNotMine(desk);
    case "holdOff":
      return desk.screening.current ? isMoving(desk.screening.current, desk) : whyNotMine(desk);
    case "talkHeld":
      return desk.screening.whyNotTalked();
    case "give":
      return whyNotMine(desk) ?? (desk.studios.others.length ? undefined : "There is no other studio.");
    case "notNow":
      return desk.screening.current || desk.selection.card ? undefined : whyNotMine(desk);
    case "talkback":
      return desk.deskPhone.whyNoTalkback;
    case "mute":
      return whyNoMute(desk);
    case "seen":
      return store.unseen.length ? undefined : "There is nothing to the host that was not seen.";
    case "ringOne":
    case "ringFive":
    case "trouble":
    case "hangUpAll":
      return store.picture?.station.rehearsal ? undefined : "Callers are made up in a rehearsal only.";
    default:
      return undefined;
  }
}

/** Why the microphone is not muted or unmuted now. */
function whyNoMute({ deskPhone }: Desk): string | undefined {
  if (!deskPhone.talksToHost) return undefined;
  return deskPhone.talkback.state === "off"
    ? "You talk to the host on another page: the caller does not hear you. End that there first."
    : "You talk to the host now: the caller does not hear you. End that first.";
}

/** Why a command does nothing for the selected caller. */
export function whyNotSelected(desk: Desk, command: Command): string | undefined {
  const { card } = desk.selection;
  if (!card) return "Nobody is selected: ↑ ↓ choose a caller.";
  const who = title(card);
  if (desk.selection.hasJustMoved)
    return `${who} has just been selected in another one's stead, so nothing was done. Press again.`;
  const may = whyMayNot(desk.store, command, card);
  if (may) return may;
  const waits = card.place.kind === "queue";
  switch (command) {
    case "answer":
      return waits ? desk.screening.whyNotAnswered(card) : `${who} does not wait in a queue.`;
    case "propose":
    case "makeNext":
      if (!desk.isReady(card)) return `${who} does not wait for the air. Make the caller ready first.`;
      return isMoving(card, desk);
    case "take":
    case "deck":
      if (card.move) return isMoving(card, desk);
      if (command === "deck" && isDeck(card.place)) return `${who} is on deck already.`;
      if (command === "take" ? desk.canTake(card) : desk.canDeck(card)) return undefined;
      if (waits) return `${who} was not made ready: ${cap("aside") || "Make ready"} does that first.`;
      return isHeld(card.place)
        ? `${who} is on hold: ${cap("hold") || "its button"} resumes.`
        : `${who} is on air already.`;
    case "hold":
      return isMoving(card, desk) ?? whyNoHold(card);
    case "drop":
      return isMoving(card, desk);
    case "aside":
      if (card.move) return isMoving(card, desk);
      if (!waits) return `${who} does not wait in a queue.`;
      return desk.store.queues.length > 1 ? undefined : "The show has one queue only.";
    case "useBefore":
      return card.before ? undefined : `The number of ${who} has not rung before in this show.`;
    case "earlier":
    case "later": {
      if (!waits) return `${who} does not wait in a queue.`;
      const by = command === "earlier" ? -1 : 1;
      if (orderBefore(desk.queueOf(card), card.call, by)) return undefined;
      return `${who} is the ${by < 0 ? "first" : "last"} already.`;
    }
    default:
      return undefined;
  }
}

/** Why the key for it moves nobody to another lane. */
function whyNotMoved(desk: Desk): string | undefined {
  const { lanes } = desk.deskPhone;
  if (lanes.count < 2) return "All callers share one lane here.";
  const card = desk.onALane;
  if (!card) return "Nobody is on a lane.";
  const at = lanes.at(card.place.name);
  const to = lanes.other(at);
  if (to === at) return `${title(card)} is on lane ${at + 1} already: To lane has the others.`;
  return isMoving(card, desk) ?? (to === undefined ? "No other lane is free." : undefined);
}

/** Why a row is not dragged, or not any more. */
export function whyNotDragged(desk: Desk, { card, gone }: Row): string | undefined {
  if (gone) return `${title(card)} does not wait here any more (${gone}), so nobody was moved.`;
  if (desk.find.active)
    return `A find hides who would be before and after ${title(card)}, so nobody was moved. Press Esc in it first.`;
  return isMoving(card, desk);
}

function whyNotMine(desk: Desk): string | undefined {
  const { current } = desk.screening;
  if (!current) return "Nobody is with you off air.";
  if (current.fromHold && !desk.store.is("host"))
    return `${title(current)} is on hold for the host: ${cap("talkHeld") || "Back on hold"} puts them back.`;
  return isMoving(current, desk);
}

function whyNotCurrent(desk: Desk): string | undefined {
  const { current } = desk.store;
  return current ? isMoving(current, desk) : "Nobody is on air.";
}

function isMoving(card: Card, desk: Desk): string | undefined {
  if (!card.move) return undefined;
  return `${title(card)} is ${going(card.move.to, card.place, desk.store.queues[0])}. Wait a moment.`;
}

function whyNoHold(card: Card): string | undefined {
  if (card.place.kind === "bridge") return `${title(card)} is on air in direct mode, where nobody is held.`;
  if (isTalking(card.place) || isHeld(card.place)) return undefined;
  return `${title(card)} is not on air.`;
}
