import { expect, test } from "vitest";
import type { Role } from "../backend/contract";
import { aCard, aDesk, aPicture, online, queued } from "../picture/made";
import { PictureStore } from "../picture/store.svelte";
import { bindings } from "./keys";
import { whyMayNot } from "./may";

/** A studio as a desk with some roles sees it. */
function at(roles: Role[], producersAir = false): PictureStore {
  const store = new PictureStore(() => {});
  const picture = aPicture([aCard("A", { place: online("talking") })]);
  const show = { ...picture.show, producersAir };
  store.onPicture({
    ...picture,
    studios: [{ ...picture.studio, show }],
    desks: [aDesk("me", ...roles)],
    you: "me",
  });
  return store;
}

const refused = (store: PictureStore): string[] =>
  bindings.filter((b) => whyMayNot(store, b.command) !== undefined).map((b) => b.command);

test("a host may all but what is a producer's or a manager's, and all three all there is", () => {
  expect(refused(at(["host"]))).toEqual(["talkHeld", "takeOver", "desks", "account"]);
  expect(refused(at(["host", "producer", "manager"]))).toEqual([]);
});

test("a producer has nothing of the air, unless the show lets producers air", () => {
  const ofHosts = [
    "nextDirect",
    "fadeUp",
    "fadeDown",
    "muteCaller",
    "cue",
    "toLane",
    "reserve",
    "takeLanes",
    "makeNext",
  ];
  const ofAir = ["next", "holdCurrent", "dropCurrent", "take", "deck", "moveLane", ...ofHosts];
  const ofOthers = ["openClose", "takeOver", "seen", "desks", "account"];
  expect(refused(at(["producer"])).sort()).toEqual([...ofAir, ...ofOthers].sort());
  const may = refused(at(["producer"], true));
  expect(may.sort()).toEqual([...ofHosts, ...ofOthers].sort());
  for (const command of ["hold", "drop"] as const)
    expect(
      whyMayNot(at(["producer"], true), command, aCard("A", { place: online("talking") })),
    ).toBeUndefined();
  expect(refused(at(["watcher"], true))).toEqual(refused(at(["watcher"])));
  const onAir = aCard("A", { place: online("talking") });
  expect(whyMayNot(at(["producer"]), "drop", onAir)).toContain("for a host's desk");
  expect(whyMayNot(at(["producer"]), "drop", aCard("B", { place: queued("screening") }))).toBeUndefined();
});

test("a watcher may look and nothing else, and is told why", () => {
  const looks = ["up", "down", "first", "last", "left", "right", "find", "keys", "cancel", "newest"];
  const reads = ["record", "sheet", "waits", "sayNext", "sayAir", "sayWaiting"];
  const all = bindings.map((b) => b.command).filter((c) => !refused(at(["watcher"])).includes(c));
  expect(all.sort()).toEqual([...looks, ...reads].sort());
  expect(whyMayNot(at(["watcher"]), "answerNext")).toBe(
    "This is for a host's or a producer's desk. This one is a watcher, who sees and does nothing. A manager's desk can change that.",
  );
});
