import type { Card, Place, Sid } from "../backend/contract";
import { deskName, deskOf, hasRole, ownDesk } from "./desks";
import { airLine, inQueue, isDeck, isHeld, isTalking, otherLane } from "./lists";
import { whole } from "./spoken";
import type { View } from "./view";
import { title } from "./words";

/** What is new in a picture, for those who do not see it change. */
export interface News {
  /** Deeds and what came of them, whoever did them. */
  told: string[];
  /** What cannot wait until something else has been said. */
  urgent: string[];
  /** Who has come to a queue, and who has left one by hanging up: there may be many. */
  rang: Card[];
  hungUp: Card[];
}

/** What is new in a picture since an earlier one. */
export function news(before: View, after: View): News {
  const found: News = { told: [], urgent: [], rang: [], hungUp: [] };
  if (before.show.state !== after.show.state) found.told.push(showWords(before, after));
  phoneNews(before, after, found);
  chatNews(before, after, found);
  if (before.cards !== after.cards) {
    const was = new Map(before.cards.map((c) => [c.call, c]));
    for (const card of after.cards) {
      const earlier = was.get(card.call);
      if (earlier !== card) cardNews(earlier, card, after, found);
      was.delete(card.call);
    }
    for (const gone of was.values()) goneNews(gone, before, after, found);
    const moved = reordered(before, after);
    if (moved) found.told.push(`${title(moved)} is now ${inLine(moved, after)}.`);
  }
  return found;
}

function showWords(before: View, after: View): string {
  switch (after.show.state) {
    case "opening":
      return "The show is opening.";
    case "open":
      return before.show.state === "stopping" ? "The show stays open." : "The show is open.";
    case "stopping":
      return `The show closes in ${after.show.parkMs / 1000} seconds. Until then it can be kept open.`;
    case "closing":
      return "The show is closing.";
    case "closed":
      return "The show is closed.";
  }
}

/** A phone that was lost with somebody on air is an alert of the desk, which says who is on hold. */
function phoneNews(before: View, after: View, found: News) {
  const line = airLine(after);
  const left = airLine(before).phone && !line.phone && !line.byHand;
  const alone = line.lost.length === 0 && !after.cards.some((c) => isTalking(c.place));
  if (left && alone) found.urgent.push("The phone was lost.");
}

/** What other desks said; what no host may miss interrupts there. */
function chatNews(before: View, after: View, found: News) {
  if (before.chat === after.chat) return;
  const last = before.chat.at(-1)?.seq ?? 0;
  const host = hasRole(ownDesk(after), "host");
  for (const { seq, studio, desk, text, toHost } of after.chat) {
    if (seq <= last || studio !== after.studio.id || desk === after.you) continue;
    const said = `${deskName(after.desks, desk)}${toHost ? ", to the host" : ""}: ${text}`;
    if (toHost && host) found.urgent.push(said);
    else found.told.push(said);
  }
}

function cardNews(was: Card | undefined, card: Card, after: View, found: News) {
  const who = title(card);
  const arrived = card.place.kind === "queue" && (!was || was.place.kind === "arriving");
  if (arrived) found.rang.push(card);
  else if (was && !isSame(was.place, card.place)) {
    const words = placeWords(was, card, after);
    if (words) found.told.push(words);
  }
  if (!was) return;
  if (was.locked !== card.locked) found.told.push(`${who} ${card.locked ? "locked" : "unlocked"}.`);
  const typed = was.name !== card.name || was.location !== card.location || was.topic !== card.topic;
  // Of who is being talked to off air each pause of the typing is a change.
  if (typed && deskOf(card.place) === undefined) found.told.push(`Saved: ${whole(card)}.`);
  if (card.trouble && card.trouble.at !== was.trouble?.at) found.told.push(`${who}: ${card.trouble.message}`);
}

/** What a caller's way from one place to another is called. */
function placeWords(was: Card, card: Card, after: View): string | undefined {
  const { place } = card;
  const who = title(card);
  const back = was.place.kind === "park";
  const off = deskOf(place);
  if (off !== undefined) {
    const whom = off === after.you ? "you" : deskName(after.desks, off);
    return `${who} ${place.state === "held" ? "on hold with" : "talks to"} ${whom}, off air.`;
  }
  const lane = otherLane(was.place, place);
  if (lane !== undefined) return `${who} on lane ${lane}.`;
  if (isTalking(place)) return `${who} ${back || isHeld(was.place) ? "back " : ""}on air.`;
  if (isHeld(place)) {
    const lost = airLine(after).lost.includes(card.call);
    return lost ? undefined : `${who} ${back ? "back " : ""}on hold.`;
  }
  if (isDeck(place)) return `${who} ${back ? "back " : ""}on deck.`;
  switch (place.kind) {
    case "park":
      return `${who} dropped. Undo within ${after.show.parkMs / 1000} seconds.`;
    case "queue": {
      const line = inLine(card, after);
      if (was.place.kind !== "queue") return `${who} waits again, ${line}.`;
      if (place.name === after.show.queues[0]) return `${who} made ready, ${line}.`;
      return after.show.screens ? `${who} back to be screened, ${line}.` : `${who} set aside.`;
    }
    case "closing":
    case "gone":
      return back ? `${who} is gone.` : undefined;
    default:
      return undefined;
  }
}

function goneNews(gone: Card, before: View, after: View, found: News) {
  const who = title(gone);
  if (isTalking(gone.place)) found.urgent.push(`${who}, on air, hung up.`);
  else if (isHeld(gone.place)) found.told.push(`${who}, on hold, hung up.`);
  else if (isDeck(gone.place)) found.told.push(`${who}, on deck, hung up.`);
  else if (deskOf(gone.place) === after.you && after.you === before.you)
    found.urgent.push(`${who}, with you, hung up.`);
  else if (gone.place.kind === "park") found.told.push(`${who} is gone.`);
  else if (gone.place.kind !== "queue") return;
  else if (before.next !== gone.call) found.hungUp.push(gone);
  else found.told.push(`${who}, who was next, hung up. ${nextWords(after)}`);
}

function nextWords(picture: View): string {
  const next = picture.cards.find((c) => c.call === picture.next);
  return next ? `Next is ${whole(next)}.` : "Nobody is next.";
}

const isSame = (a: Place, b: Place): boolean => a.kind === b.kind && a.name === b.name && a.state === b.state;

/** A caller's place in their queue: "2 of 5". */
function inLine(card: Card, picture: View): string {
  const queue = inQueue(picture.cards, card.place.name);
  return `${queue.findIndex((c) => c.call === card.call) + 1} of ${queue.length}`;
}

/** Who was given another place in a queue, if anybody. */
function reordered(before: View, after: View): Card | undefined {
  const was = new Map(before.cards.map((c) => [c.call, c]));
  const ranked = after.cards.filter((c) => {
    const earlier = was.get(c.call);
    return earlier && c.place.kind === "queue" && isSame(earlier.place, c.place) && earlier.rank !== c.rank;
  });
  const [first] = ranked;
  if (!first) return undefined;
  const { name } = first.place;
  const stayed = new Set(inQueue(after.cards, name).map((c) => c.call));
  const old = inQueue(before.cards, name)
    .map((c) => c.call)
    .filter((call) => stayed.has(call));
  const now = inQueue(after.cards, name)
    .map((c) => c.call)
    .filter((call) => was.get(call)?.place.name === name);
  const at = now.findIndex((call, i) => call !== old[i]);
  if (at < 0) return undefined;
  // When a place is made between two, others may be numbered anew with who moved.
  const without = (calls: Sid[], out: Sid) => calls.filter((call) => call !== out).join();
  const moved = [now[at], old[at]].find(
    (call) => call && ranked.some((c) => c.call === call) && without(old, call) === without(now, call),
  );
  return after.cards.find((c) => c.call === moved);
}
