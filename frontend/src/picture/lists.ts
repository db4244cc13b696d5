import type { Card, Line, Place, Sid } from "../backend/contract";
import { deskOf } from "./desks";
import type { View } from "./view";

/** The line of the studio, which goes to air. */
export const airLine = (picture: View): Line => lineCalled(picture, picture.studio.line);

/** A line by its name, and what is on it when nothing is known of it yet. */
export function lineCalled(picture: View, name: string): Line {
  const none = {
    phone: false,
    leg: "",
    desk: "",
    direct: false,
    telephone: false,
    pinLocked: false,
    lockedTelephones: [],
    byHand: false,
  };
  return picture.lines.find((l) => l.name === name) ?? { name, ...none, since: 0, talkback: [], lost: [] };
}

/** What is true of a place on the studio's line; a desk's own is off air. */
const onAirLine = (p: Place): boolean => p.kind === "line" && deskOf(p) === undefined;
export const isTalking = (p: Place): boolean =>
  p.kind === "bridge" || (onAirLine(p) && p.state === "talking");
export const isHeld = (p: Place): boolean => onAirLine(p) && p.state === "held";
export const isDeck = (p: Place): boolean => onAirLine(p) && p.state === "deck";
/** Which of the studio's lanes a place is on, from 1; undefined for none. */
const laneOf = (p: Place): number | undefined =>
  onAirLine(p) ? Number(/^lane(\d)(-|$)/.exec(p.name ?? "")?.[1] ?? 1) : undefined;
/** The lane to which somebody comes from another one, and stands as before; undefined for any other way. */
export const otherLane = (from: Place, to: Place): number | undefined =>
  laneOf(from) !== undefined && from.name !== to.name && from.state === to.state ? laneOf(to) : undefined;
const onLine = (p: Place): boolean => onAirLine(p) || p.kind === "bridge";

/**
 * The cards on the studio's line, those on deck last. By arrival, so that a card stays
 * where it is when it is held and resumed.
 */
export function onAir(cards: Card[]): Card[] {
  const deckLast = (c: Card) => (isDeck(c.place) ? 1 : 0);
  return cards.filter((c) => onLine(c.place)).sort((a, b) => deckLast(a) - deckLast(b) || byArrival(a, b));
}

/** The cards that wait in one queue, in the order in which Next takes them; whoever is not to be screened now is last. */
export function inQueue(cards: Card[], queue: string | undefined): Card[] {
  return cards
    .filter((c) => c.place.kind === "queue" && c.place.name === queue)
    .sort((a, b) => notNow(a) - notNow(b) || a.rank - b.rank || byArrival(a, b));
}

/** The cards of every queue that does not feed the air, queue by queue. */
export function setAside(cards: Card[], queues: string[]): Card[] {
  const [air] = queues;
  const names = new Set<string>();
  for (const { place } of cards) if (place.kind === "queue" && place.name) names.add(place.name);
  const others = [...new Set([...queues.slice(1), ...[...names].sort()])].filter((q) => q !== air);
  return others.flatMap((q) => inQueue(cards, q));
}

/** Those who hear the greeting and are in no queue yet. */
export const arriving = (cards: Card[]): Card[] =>
  cards.filter((c) => c.place.kind === "arriving").sort(byArrival);

/** What can be taken back: a drop, a Next with whom it dropped and took, or both in one. */
export interface Undoable {
  /** By whom it is undone. */
  call: Sid;
  dropped: Card[];
  taken?: Card;
  /** When it was done. */
  at: number;
  /** It is being undone. */
  moving: boolean;
}

/** What can still be taken back that was done after a time, the latest first. */
export function undoable(cards: Card[], after: number): Undoable[] {
  const parked = cards.filter((c) => c.place.kind === "park");
  const nexts = cards
    .filter((c) => c.taken !== undefined && c.taken > after && onAirLine(c.place))
    .map((taken): Undoable => {
      const dropped = parked.filter((c) => c.next === taken.call);
      return { call: taken.call, dropped, taken, at: taken.taken ?? 0, moving: moves([taken, ...dropped]) };
    });
  const drops = parked
    .filter((c) => !nexts.some((n) => n.dropped.includes(c)))
    .map((c): Undoable => ({ call: c.call, dropped: [c], at: c.since, moving: moves([c]) }));
  return [...nexts, ...drops].sort((a, b) => b.at - a.at);
}

/** The names that more than one card has. */
export function twice(cards: Card[]): Set<string> {
  const seen = new Set<string>();
  const again = new Set<string>();
  for (const { name } of cards) {
    if (name && seen.has(name)) again.add(name);
    seen.add(name);
  }
  return again;
}

const notNow = (card: Card): number => (card.notNow ? 1 : 0);

const moves = (cards: Card[]): boolean => cards.some((c) => c.move !== undefined);

const byArrival = (a: Card, b: Card): number => a.arrived - b.arrived || (a.call < b.call ? -1 : 1);

/**
 * The card that the keys for "the current one on air" act on: whoever came on
 * air last; when nobody talks, whoever was held last.
 */
export function current(air: Card[]): Card | undefined {
  const latest = (cards: Card[]) =>
    cards.reduce<Card | undefined>((l, c) => (l && l.since >= c.since ? l : c), undefined);
  return latest(air.filter((c) => isTalking(c.place))) ?? latest(air.filter((c) => isHeld(c.place)));
}

/** The `before` of the operation that moves a card one place up or down. */
export function orderBefore(queue: Card[], call: Sid, by: -1 | 1): { before?: Sid } | undefined {
  const at = queue.findIndex((c) => c.call === call);
  const to = at + by;
  if (at < 0 || to < 0 || to >= queue.length) return undefined;
  const before = queue[by < 0 ? to : to + 1];
  return before ? { before: before.call } : {};
}

/** Counts and waits of those in queues, in ms; a wait counts from the arrival. */
export function waits(cards: Card[], now: number): { waiting: number; average: number; longest: number } {
  let [waiting, sum, longest] = [0, 0, 0];
  for (const card of cards) {
    if (card.place.kind !== "queue") continue;
    const wait = Math.max(0, now - card.arrived);
    waiting++;
    sum += wait;
    longest = Math.max(longest, wait);
  }
  return { waiting, average: waiting ? sum / waiting : 0, longest };
}
