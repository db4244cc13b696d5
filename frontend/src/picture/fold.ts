import type {
  Card,
  Change,
  Check,
  Costs,
  Desk,
  Line,
  Microphone,
  Picture,
  Sid,
  Studio,
  Tracks,
  Trouble,
} from "../backend/contract";

/** Go writes an empty list as null; the page wants a list. */
const list = <T>(items: T[] | null | undefined): T[] => items ?? [];

/** How many of the last things that desks said are kept. */
const remembersChat = 100;

const line = (l: Line): Line => ({ ...l, talkback: list(l.talkback), lost: list(l.lost) });

const studio = (s: Studio): Studio => ({
  ...s,
  show: { ...s.show, queues: list(s.show.queues) },
  next: s.next ?? "",
});

/** A picture as it came, made safe to go through. */
export function whole(picture: Picture): Picture {
  return {
    ...picture,
    studios: list(picture.studios).map(studio),
    lines: list(picture.lines).map(line),
    cards: list(picture.cards),
    desks: list(picture.desks),
    chat: list(picture.chat),
    voicemail: list(picture.voicemail),
  };
}

/**
 * The picture after changes, as if they came one by one. A change that is in the picture already is
 * ignored. Numbers may jump: one change can stand for several facts.
 */
export function fold(picture: Picture, changes: Change[]): Picture {
  let after = picture;
  let cards: Map<Sid, Card> | undefined;
  for (const change of changes) {
    if (change.seq <= after.seq) continue;
    after = {
      ...after,
      seq: change.seq,
      studios: replaced(after.studios, list(change.studios).map(studio), (s) => s.id),
      lines: replaced(after.lines, list(change.lines).map(line), (l) => l.name),
      voicemail: change.voicemail ?? after.voicemail,
      chat: replaced(after.chat, list(change.chat), (said) => said.seq).slice(-remembersChat),
    };
    if (list(change.cards).length + list(change.gone).length === 0) continue;
    // Thousands may wait: they are gone through once for all changes. A card that is there keeps its place.
    cards ??= new Map(picture.cards.map((card) => [card.call, card]));
    for (const card of list(change.cards)) cards.set(card.call, card);
    for (const call of list(change.gone)) cards.delete(call);
  }
  return cards ? { ...after, cards: [...cards.values()] } : after;
}

/** The picture with a new state of the disk, which is no fact: no code, no trouble. */
export function withDisk(picture: Picture, disk: Trouble): Picture {
  const { disk: _, ...rest } = picture;
  return disk.code ? { ...rest, disk } : rest;
}

/** The picture with what is known of the way from Twilio to Callin: no code, no trouble. */
export function withWayIn(picture: Picture, wayIn: Trouble): Picture {
  const { wayIn: _, ...rest } = picture;
  return wayIn.code ? { ...rest, wayIn } : rest;
}

/** The picture with what is now said of comparing with Twilio, which is no fact either. */
export const withCheck = (picture: Picture, check: Check): Picture => ({ ...picture, check });

/** The picture with the desks that there now are, which are no facts either. */
export const withDesks = (picture: Picture, desks: Desk[]): Picture => ({ ...picture, desks });

/** The picture with what the shows now come to, which is no fact either. */
export const withCosts = (picture: Picture, costs: Costs): Picture => ({ ...picture, costs });

/** The picture with what is now said of microphones, which is no fact either. */
export const withMicrophones = (picture: Picture, microphones: Microphone[]): Picture => ({
  ...picture,
  microphones: replaced(list(picture.microphones), microphones, (m) => m.line),
});

/** The picture with how recordings of isolated tracks now stand, which is no fact either. */
export const withTracks = (picture: Picture, tracks: Tracks[]): Picture => ({
  ...picture,
  tracks: replaced(list(picture.tracks), tracks, (t) => t.studio),
});

/** The picture while nobody tells how microphones are: what was last heard may not hold any more. */
export function withoutMicrophones(picture: Picture): Picture {
  const { microphones: _, ...rest } = picture;
  return rest;
}

/** A list with the changed ones in place of their earlier selves, new ones last. */
function replaced<T>(items: T[], changed: T[], name: (item: T) => string | number): T[] {
  if (changed.length === 0) return items;
  const byName = new Map([...items, ...changed].map((item) => [name(item), item]));
  return [...byName.values()];
}
