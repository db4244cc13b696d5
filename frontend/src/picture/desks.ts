import type { Card, Desk, Ordered, Picture, Place, Role, Sid } from "../backend/contract";

/** The line on which a desk talks off air, by the desk's id. */
export const ownLine = (desk: string): string => (desk ? `desk-${desk}` : "desk");

/** The desk on whose own line a place is; undefined when it is on none. */
export function deskOf({ kind, name = "" }: Place): string | undefined {
  if (kind !== "line") return undefined;
  if (name === ownLine("")) return "";
  return name.startsWith("desk-") ? name.slice("desk-".length) : undefined;
}

/** The desk that has a caller off air, or is getting them. */
export const deskWith = ({ place, move }: Card): string | undefined =>
  move ? (deskOf(move.to) ?? (move.to.kind === "line" ? undefined : deskOf(place))) : deskOf(place);

/** The desk that a picture is shown to. */
export const ownDesk = (picture: Pick<Picture, "desks" | "you">): Desk | undefined =>
  picture.desks.find((d) => d.id === picture.you);

/** What to call a desk in a sentence. */
export const deskName = (desks: Desk[], id: string): string =>
  desks.find((d) => d.id === id)?.name || "another desk";

/** Whether a desk has one of some roles. */
export const hasRole = (desk: Desk | undefined, ...roles: Role[]): boolean =>
  desk?.roles.some((role) => roles.includes(role)) === true;

const names: Record<Role, string> = {
  host: "host",
  producer: "producer",
  manager: "manager",
  watcher: "watcher, who sees and does nothing",
};

/** A desk's roles in words: "host and producer". */
export function roleWords(roles: Role[]): string {
  const words = roles.map((role) => names[role]);
  const last = words.pop() ?? names.watcher;
  return words.length ? `${words.join(", ")} and ${last}` : last;
}

/** Who put a caller where they are in the queue that feeds the air, in words; undefined when nobody meant anything by it. */
export function orderedWords(ordered: Ordered | undefined, desks: Desk[]): string | undefined {
  if (ordered?.as === "next") return `made next by ${deskName(desks, ordered.desk)}`;
  if (ordered?.as === "proposed") return `▲ next, says ${deskName(desks, ordered.desk)}`;
  return undefined;
}

/** What somebody at one desk said for hosts, which no host has seen yet, oldest first. */
export const unseenByHost = (picture: Pick<Picture, "chat" | "you">, studio: string) =>
  picture.chat.filter((s) => s.toHost && !s.seen && s.studio === studio && s.desk !== picture.you);

/** The calls with a desk, those that are talked to first. */
export const withDesk = (cards: Card[], desk: string): Card[] =>
  cards
    .filter((c) => deskWith(c) === desk)
    .sort((a, b) => held(a) - held(b) || a.since - b.since || sidOrder(a.call, b.call));

const held = (card: Card): number => (card.place.state === "held" ? 1 : 0);
const sidOrder = (a: Sid, b: Sid): number => (a < b ? -1 : 1);
