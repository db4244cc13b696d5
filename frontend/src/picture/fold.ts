import type { Card, Change, Check, Line, Microphone, Picture, Sid, Trouble } from "../backend/contract";

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
 * The picture after changes, as if they came one by one. A change that is in the picture already is
 * ignored. Numbers may jump: one change can stand for several facts.
 */
export function fold(picture: Picture, changes: Change[]): Picture {
  let after = picture;
  let cards: Map<Sid, Card> | undefined;
  for (const change of changes) {
    if (change.seq <= after.seq) continue;
    const { show } = change;
    after = {
      ...after,
      seq: change.seq,
      show: show ? { ...show, queues: list(show.queues) } : after.show,
      lines: replaced(after.lines, list(change.lines).map(line)),
      voicemail: change.voicemail ?? after.voicemail,
      next: change.next ?? after.next,
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

/** Lines with the changed ones in place of their earlier selves, new ones last. */
function replaced(lines: Line[], changed: Line[]): Line[] {
  if (changed.length === 0) return lines;
  const byName = new Map([...lines, ...changed].map((l) => [l.name, l]));
  return [...byName.values()];
}
