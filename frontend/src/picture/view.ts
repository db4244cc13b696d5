import type { Picture, Show, Sid, Studio } from "../backend/contract";

/** The picture as one studio sees it: its show and its callers. */
export interface View extends Picture {
  studio: Studio;
  show: Show;
  next: Sid;
}

/** What a studio of the picture sees; the first one where there is none of that id. */
export function viewOf(picture: Picture, id: string): View | undefined {
  const studio = picture.studios.find((s) => s.id === id) ?? picture.studios[0];
  if (!studio) return undefined;
  const { show, next } = studio;
  // Where there is one studio all cards are its own, and the lists stay the same ones.
  if (picture.studios.length === 1) return { ...picture, studio, show, next };
  const ours = (of: { studio: string }) => of.studio === studio.id;
  return {
    ...picture,
    studio,
    show,
    next,
    cards: picture.cards.filter(ours),
    voicemail: picture.voicemail.filter(ours),
  };
}
