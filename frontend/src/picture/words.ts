import type { Card, Check, Place, Station } from "../backend/contract";
import { deskOf } from "./desks";
import { isDeck, isHeld, isTalking, otherLane } from "./lists";
import { hoursAndMinutes } from "./time";
import type { View } from "./view";

/** What a card is called: the name, else the number, else that it is withheld. */
export function title(card: Pick<Card, "name" | "number">): string {
  return card.name || spaced(card.number) || "withheld";
}

/**
 * A number in groups that can be read aloud. North American numbers have their
 * own grouping; others are split in threes from the end.
 */
export function spaced(number: string): string {
  const american = /^\+1(\d{3})(\d{3})(\d{4})$/.exec(number);
  if (american) return `+1 ${american[1]} ${american[2]} ${american[3]}`;
  return number.replace(/(?!^)(?=(\d{3})+$)/g, " ").replace(/^\+ /, "+");
}

/** "Maria", "Maria and Tom", "Maria, Tom and Ana". */
export function names(cards: Pick<Card, "name" | "number">[]): string {
  const all = cards.map(title);
  const last = all.pop();
  if (last === undefined) return "nobody";
  return all.length ? `${all.join(", ")} and ${last}` : last;
}

/** What Next does, in words: whom it takes and whom it drops. */
export function nextDoes(next: Card, air: Card[]): string {
  const drops = air.filter((c) => isTalking(c.place) && !c.locked && !c.move);
  return [`takes ${title(next)}`, drops.length ? `drops ${names(drops)}` : ""].filter(Boolean).join(", ");
}

/** Whom Next keeps, in words, if anybody. */
export function nextKeeps(air: Card[]): string {
  const kept = [
    { cards: air.filter((c) => isTalking(c.place) && c.locked), why: "locked" },
    { cards: air.filter((c) => isHeld(c.place)), why: "held" },
    { cards: air.filter((c) => isDeck(c.place)), why: "on deck" },
  ].filter(({ cards }) => cards.length > 0);
  if (!kept.length) return "";
  return `keeps ${kept.map(({ cards, why }) => `${names(cards)} (${why})`).join(", ")}`;
}

/** What the station's account is, or is to become. */
export function accountWords({ rehearsal, connected }: Pick<Station, "rehearsal" | "connected">): string {
  if (!rehearsal) return "Account";
  return connected ? "Rehearsal account" : "Connect your account";
}

/** What those are called who wait in a queue that does not feed the air. */
export const asideName = (picture: View | undefined): string =>
  picture?.show.screens ? "To screen" : "Set aside";

/** Why nobody is next. */
export function nobodyNext(picture: View, ready: Card[], aside: Card[]): string {
  if (picture.show.state === "closed") return "The show is closed. Open it to let callers in.";
  if (ready.some((c) => c.move)) return "The next one is being put through.";
  if (ready.length) return "Everyone who is ready is locked.";
  if (aside.length)
    return `Nobody is ready: ${aside.length} ${aside.length > 1 ? "wait" : "waits"} to be made ready.`;
  return "Nobody is waiting.";
}

/** What is to be said of comparing with Twilio, if anything. */
export function checkWords(check: Check): { text: string; bad: boolean } | undefined {
  if (check.lostAt)
    return { text: `▲ Twilio has not answered since ${hoursAndMinutes(check.lostAt)}`, bad: true };
  if (check.now) return { text: "… Checking with Twilio", bad: false };
  if (check.mended)
    return { text: `✓ ${check.mended} mended at ${hoursAndMinutes(check.mendedAt)}`, bad: false };
  return undefined;
}

/** What a queue is called on the desk. */
export function queueName(queue: string | undefined): string {
  return (queue ?? "").replaceAll("-", " ");
}

/** Where a move goes, in words that stand on a card while it is under way. */
export function going(to: Place, from: Place, airQueue: string | undefined): string {
  if (deskOf(to) !== undefined) {
    if (to.state === "held") return "being put on hold";
    return from.state === "held" ? "being resumed" : "being answered off air";
  }
  const lane = otherLane(from, to);
  if (lane !== undefined) return `moving to lane ${lane}`;
  if (isTalking(to)) return isHeld(from) ? "being resumed" : "going to air";
  if (isHeld(to)) return "being put on hold";
  if (isDeck(to)) return "going on deck";
  if (to.kind === "park") return "being dropped";
  if (to.kind === "closing") return "being sent the closing words";
  if (to.kind === "voicemail") return "being asked to leave a message";
  if (to.kind === "queue")
    return to.name === airQueue ? "being made ready" : `being moved to ${queueName(to.name)}`;
  return "being moved";
}

/** How somebody left a queue, whose call is now elsewhere or nowhere; undefined while they wait in it. */
export function howLeft(from: Place, to: Place | undefined): string | undefined {
  switch (to?.kind) {
    case "queue":
      return to.name === from.name ? undefined : "in the other list";
    case "line":
      if (deskOf(to) !== undefined) return "being screened";
      return isDeck(to) ? "on deck" : "taken";
    case "bridge":
      return "taken";
    case "park":
      return "dropped";
    case "voicemail":
      return "leaves a message";
    case "closing":
      return "hears goodbye";
    default:
      return "hung up";
  }
}
