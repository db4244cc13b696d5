import type { Card, Change, Check, Line, Microphone, Picture, Trouble } from "../backend/contract";

/** Go writes an empty list as null; the page wants a list. */
const list = <T>(items: T[] | null | undefined): T[] => items ?? [];

const line = (l: Line): Line => ({ ...l, lost: list(l.lost) });

/** A picture as it came, made safe to go through. */
export function whole(picture: Picture): Picture {
  return {
    ...picture,
    show: { ...picture.show, queues: list(picture.show.queues) },
    lines: list(picture.lines).map(line),
    cards: list(picture.cards),
    voicemail: list(picture.voicemail),
    next: picture.next ?? "",
  };
}

/**
 * The picture after a change. A change that is in the picture already is
 * ignored. Numbers may jump: one change can stand for several facts.
 */
export function fold(picture: Picture, change: Change): Picture {
  if (change.seq <= picture.seq) return picture;
  const show = change.show;
  return {
    ...picture,
    seq: change.seq,
    show: show ? { ...show, queues: list(show.queues) } : picture.show,
    lines: replaced(picture.lines, list(change.lines).map(line), (l) => l.name),
    cards: changedCards(picture.cards, change),
    voicemail: change.voicemail ?? picture.voicemail,
    next: change.next ?? picture.next,
  };
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

/** The picture with what is now said of a microphone, which is no fact either. */
export const withMicrophone = (picture: Picture, microphone: Microphone): Picture => ({
  ...picture,
  microphone,
});

/** The picture while nobody tells how the microphone is: what was last heard may not hold any more. */
export function withoutMicrophone(picture: Picture): Picture {
  const { microphone: _, ...rest } = picture;
  return rest;
}

function changedCards(cards: Card[], change: Change): Card[] {
  const changed = replaced(cards, list(change.cards), (c) => c.call);
  const gone = new Set(list(change.gone));
  return gone.size === 0 ? changed : changed.filter((c) => !gone.has(c.call));
}

/** Items with the changed ones in place of their earlier selves, new ones last. */
function replaced<T>(items: T[], changed: T[], key: (item: T) => string): T[] {
  if (changed.length === 0) return items;
  const byKey = new Map(changed.map((item) => [key(item), item]));
  const kept = items.map((item) => {
    const newer = byKey.get(key(item));
    if (!newer) return item;
    byKey.delete(key(item));
    return newer;
  });
  return [...kept, ...byKey.values()];
}
