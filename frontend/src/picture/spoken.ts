import type { Card, Desk, Place, Show } from "../backend/contract";
import { deskName, deskOf } from "./desks";
import { airLine, current, inQueue, isDeck, isHeld, isTalking, onAir, setAside } from "./lists";
import type { View } from "./view";
import { going, names, nobodyNext, title } from "./words";

/** What the desk says to those who do not see it: whole sentences, without signs and without what is cut off. */

/** A length of time as it is spoken: its two largest units. */
export function spokenLength(ms: number): string {
  const s = Math.floor(ms / 1000);
  const units: [number, string][] = [
    [Math.floor(s / 3600), "hour"],
    [Math.floor(s / 60) % 60, "minute"],
    [s % 60, "second"],
  ];
  const from = units.findIndex(([n]) => n > 0);
  if (from < 0) return "0 seconds";
  const said = units.slice(from, from + 2).filter(([n]) => n > 0);
  return said.map(([n, unit]) => `${n} ${unit}${n === 1 ? "" : "s"}`).join(" ");
}

/** The same in minutes: it changes once a minute only. */
const spokenMinutes = (ms: number): string =>
  ms < 60_000 ? "less than a minute" : spokenLength(ms - (ms % 60_000));

/** Who it is, from where and what about: "Maria, Leeds, roundabout". */
export const whole = (card: Card): string =>
  [title(card), card.location, card.topic].filter(Boolean).join(", ");

/** How a caller stands: "ready", "on hold". */
function standing(place: Place, { queues: [airQueue], screens }: Show, desks: Desk[] = []): string {
  const off = deskOf(place);
  if (off !== undefined) return `${place.state === "held" ? "on hold " : ""}with ${deskName(desks, off)}`;
  if (isTalking(place)) return "on air";
  if (isHeld(place)) return "on hold";
  if (isDeck(place)) return "on deck";
  if (place.name === airQueue) return "ready";
  return screens ? "to be screened" : "set aside";
}

/** How a caller stands, with their place in line and for how long they wait or are on air, to the minute. */
export function standingInFull(
  card: Card,
  picture: View,
  now: number,
  inLine?: { at: number; of: number },
): string {
  const stands = [
    card.move
      ? going(card.move.to, card.place, picture.show.queues[0])
      : standing(card.place, picture.show, picture.desks),
  ];
  if (picture.next === card.call) stands.push("next");
  if (card.locked) stands.push("locked");
  if (inLine) stands.push(`${inLine.at + 1} of ${inLine.of}`, `waiting ${spokenMinutes(now - card.arrived)}`);
  else if (isTalking(card.place)) stands.push(`for ${spokenMinutes(card.airMs + now - card.since)}`);
  return stands.join(", ");
}

/** All that Next does: "takes Maria, drops Dmitri, keeps Ana, locked". */
export function nextDoesInFull(picture: View): string {
  const next = picture.cards.find((c) => c.call === picture.next);
  const air = onAir(picture.cards);
  const talking = air.filter((c) => isTalking(c.place));
  if (airLine(picture).direct) return `ends the call of ${names(talking)}, brings the next caller`;
  if (!next)
    return `takes nobody. ${nobodyNext(picture, inQueue(picture.cards, picture.show.queues[0]), setAside(picture.cards, picture.show.queues))}`;
  const parts: [string, Card[], string][] = [
    ["takes ", [next], ""],
    ["drops ", talking.filter((c) => !c.locked && !c.move), ""],
    ["keeps ", talking.filter((c) => c.locked), ", locked"],
    ["keeps ", air.filter((c) => isHeld(c.place)), ", on hold"],
    ["keeps ", air.filter((c) => isDeck(c.place)), ", on deck"],
  ];
  return parts
    .filter(([, cards]) => cards.length > 0)
    .map(([does, cards, why]) => `${does}${names(cards)}${why}`)
    .join(", ");
}

/** How many wait, and who of them is next. */
export function waitingWords(picture: View): string {
  const { queues, screens } = picture.show;
  const ready = inQueue(picture.cards, queues[0]).length;
  const aside = setAside(picture.cards, queues).length;
  if (ready + aside === 0) return "Nobody is waiting.";
  const next = picture.cards.find((c) => c.call === picture.next);
  const counts = screens ? [`${ready} ready`, `${aside} to be screened`] : [`${ready} waiting`];
  if (!screens && aside) counts.push(`${aside} set aside`);
  return `${counts.join(", ")}, ${next ? `next ${whole(next)}` : "nobody is next"}.`;
}

/** The answers to what a person asks by a key. */
export const answers = {
  next(picture: View, now: number): string {
    const next = picture.cards.find((c) => c.call === picture.next);
    if (!next)
      return nobodyNext(
        picture,
        inQueue(picture.cards, picture.show.queues[0]),
        setAside(picture.cards, picture.show.queues),
      );
    return `Next is ${whole(next)}, waiting ${spokenLength(now - next.arrived)}.`;
  },

  onAir(picture: View, now: number): string {
    const air = onAir(picture.cards);
    if (air.length === 0) return "Nobody is on air.";
    const last = current(air);
    const said = air.map((c) => {
      const how = standing(c.place, picture.show);
      const aired = isTalking(c.place) ? c.airMs : 0;
      const since = `${how} for ${spokenLength(aired + now - c.since)}`;
      return `${title(c)} ${since}${c.locked ? ", locked" : ""}`;
    });
    const which = air.length > 1 && last ? ` The current one is ${title(last)}.` : "";
    return `${said.join("; ")}.${which}`;
  },

  waiting(picture: View, now: number): string {
    const waits = picture.cards.filter((c) => c.place.kind === "queue").map((c) => now - c.arrived);
    const longest = waits.length ? ` The longest waits ${spokenLength(Math.max(...waits))}.` : "";
    return waitingWords(picture) + longest;
  },
};
