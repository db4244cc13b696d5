/** Pictures for tests. */
import type { Card, Desk, Place, Role } from "../backend/contract";
import type { View } from "./view";

export const queued = (name = "on-air"): Place => ({ kind: "queue", name });
export const online = (state: NonNullable<Place["state"]>): Place => ({
  kind: "line",
  name: "studio",
  state,
});

export const aDesk = (id: string, ...roles: Role[]): Desk => ({
  id,
  name: id || "Studio desk",
  roles,
  studios: [""],
  here: true,
});

export function aCard(call: string, more: Partial<Card> = {}): Card {
  return {
    call,
    studio: "",
    number: "+15550102000",
    name: call,
    location: "",
    topic: "",
    arrived: 0,
    place: queued(),
    since: 0,
    rank: 0,
    locked: false,
    airMs: 0,
    ...more,
  };
}

export function aPicture(cards: Card[]): View {
  const show = {
    name: "Show",
    state: "open" as const,
    screens: false,
    queues: ["on-air", "screening"],
    parkMs: 10_000,
    producersAir: false,
    since: 0,
  };
  const studio = {
    id: "",
    name: "Studio",
    number: "+15550100000",
    dialIn: "+15550100001",
    line: "studio",
    lanes: ["studio"],
    show,
    next: "",
  };
  return {
    seq: 10,
    now: Date.now(),
    station: { name: "Radio", rehearsal: true, telephone: true, version: "Callin 0.2.0" },
    studios: [studio],
    studio,
    show,
    lines: [
      {
        name: "studio",
        phone: false,
        leg: "",
        desk: "",
        direct: false,
        telephone: false,
        pinLocked: false,
        lockedTelephones: [],
        byHand: false,
        since: 0,
        talkback: [],
        lost: [],
      },
    ],
    cards,
    desks: [aDesk("", "host", "producer", "manager")],
    you: "",
    chat: [],
    voicemail: [],
    check: { now: false, lostAt: 0, mended: 0, mendedAt: 0 },
    next: "",
  };
}
