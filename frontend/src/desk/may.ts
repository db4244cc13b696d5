import type { Card, Role } from "../backend/contract";
import { roleWords } from "../picture/desks";
import { isDeck, isHeld, isTalking } from "../picture/lists";
import type { PictureStore } from "../picture/store.svelte";
import type { Command } from "./keys";

/** The roles of which a desk needs one to talk to callers, and to do anything at all. */
const talkers: Role[] = ["host", "producer"];
const staff: Role[] = [...talkers, "manager"];

/** What brings callers to air, or is done with them there: producers may too where the show lets them. */
const airs: ReadonlySet<Command> = new Set<Command>(["next", "take", "deck", "moveLane"]);

/** Who may give a command; for the others anybody may. Callin refuses by the same rules. */
const needs: Partial<Record<Command, Role[]>> = {
  next: ["host"],
  take: ["host"],
  deck: ["host"],
  makeNext: ["host"],
  nextDirect: ["host"],
  fadeUp: ["host"],
  toLane: ["host"],
  moveLane: ["host"],
  reserve: ["host"],
  takeLanes: ["host"],
  fadeDown: ["host"],
  muteCaller: ["host"],
  cue: ["host"],
  openClose: ["host"],
  seen: ["host"],
  takeOver: ["manager"],
  desks: ["manager"],
  account: ["manager"],
  doctor: staff,
  costs: staff,
  holdCurrent: talkers,
  dropCurrent: talkers,
  undo: talkers,
  bringBack: talkers,
  mute: talkers,
  phone: talkers,
  hold: talkers,
  drop: talkers,
  lock: talkers,
  edit: talkers,
  aside: talkers,
  useBefore: talkers,
  makeLast: talkers,
  earlier: talkers,
  later: talkers,
  answerNext: talkers,
  answer: talkers,
  sendReady: talkers,
  readyNext: talkers,
  holdOff: talkers,
  notNow: talkers,
  sendBack: talkers,
  goodbye: talkers,
  message: talkers,
  give: talkers,
  propose: talkers,
  chat: talkers,
  talkback: talkers,
  talkHeld: ["producer"],
  ringOne: staff,
  ringFive: staff,
  trouble: staff,
  hangUpAll: staff,
};

/** Why this desk may not give a command; undefined when it may. */
export function whyMayNot(store: PictureStore, command: Command, card?: Card): string | undefined {
  const roles = rolesFor(store, command);
  if (roles && !store.is(...roles)) {
    const are = roleWords(store.desk?.roles ?? []);
    return `This is for a ${roles.join("'s or a ")}'s desk. This one is a ${are}. A manager's desk can change that.`;
  }
  const ofAir = command === "holdCurrent" || command === "dropCurrent";
  const onAir = card && (command === "hold" || command === "drop") && isOnAir(card);
  if ((ofAir || onAir) && !mayAir(store)) return "Who is on air is for a host's desk.";
  return undefined;
}

function rolesFor(store: PictureStore, command: Command): Role[] | undefined {
  if (/^(take|place)\d$/.test(command)) return talkers;
  return airs.has(command) && store.picture?.show.producersAir ? talkers : needs[command];
}

/** Whether this desk may take callers to air, and hold, resume and drop who is there. */
export const mayAir = (store: PictureStore): boolean =>
  store.is("host") || (store.is("producer") && store.picture?.show.producersAir === true);

const isOnAir = ({ place }: Card): boolean => isTalking(place) || isHeld(place) || isDeck(place);
