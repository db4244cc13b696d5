import { expect, test } from "vitest";
import type { Card } from "../backend/contract";
import { aCard, aPicture, online, queued } from "./made";
import { answers, nextDoesInFull, spokenLength, standingInFull, waitingWords } from "./spoken";
import type { View } from "./view";

const minutes = (n: number) => n * 60_000;
const maria = aCard("Maria", { location: "Leeds", topic: "roundabout", rank: 1 });
const tom = aCard("Tom", { rank: 2, arrived: minutes(4) });
const dmitri = aCard("Dmitri", { place: online("talking"), since: minutes(9), airMs: minutes(1) });
const ana = aCard("Ana", { place: online("talking"), since: minutes(8), locked: true });
const withNext = (cards: Card[], next = "Maria"): View => ({ ...aPicture(cards), next });

test("what Next does is told in full, and why it does nothing", () => {
  const held = aCard("Eve", { place: online("held") });
  const deck = aCard("Joe", { place: online("deck") });
  expect(nextDoesInFull(withNext([maria]))).toBe("takes Maria");
  expect(nextDoesInFull(withNext([maria, dmitri, ana]))).toBe("takes Maria, drops Dmitri, keeps Ana, locked");
  expect(nextDoesInFull(withNext([maria, held, deck]))).toBe(
    "takes Maria, keeps Eve, on hold, keeps Joe, on deck",
  );
  expect(nextDoesInFull(withNext([dmitri], ""))).toBe("takes nobody. Nobody is waiting.");
});

test("a card says how a caller stands, where in line, and for how long to the minute", () => {
  const picture = withNext([maria, tom, dmitri, ana]);
  const stands = (card: Card, inLine?: { at: number; of: number }) =>
    standingInFull(card, picture, minutes(10) + 31_000, inLine);
  expect(stands(maria, { at: 0, of: 2 })).toBe("ready, next, 1 of 2, waiting 10 minutes");
  expect(stands({ ...tom, place: queued("screening"), locked: true }, { at: 1, of: 2 })).toBe(
    "set aside, locked, 2 of 2, waiting 6 minutes",
  );
  expect(stands(dmitri)).toBe("on air, for 2 minutes");
  expect(stands({ ...tom, move: { number: 1, to: online("talking"), began: 0 } }, { at: 1, of: 2 })).toBe(
    "going to air, 2 of 2, waiting 6 minutes",
  );
  expect(stands(aCard("Eve", { place: online("held") }))).toBe("on hold");
});

test("who is next, who is on air and how many wait are answered", () => {
  const picture = withNext([maria, tom, dmitri, ana]);
  const now = minutes(10) + 1_000;
  expect(answers.next(picture, now)).toBe("Next is Maria, Leeds, roundabout, waiting 10 minutes 1 second.");
  expect(answers.onAir(picture, now)).toBe(
    "Ana on air for 2 minutes 1 second, locked; Dmitri on air for 2 minutes 1 second. The current one is Dmitri.",
  );
  expect(answers.waiting(picture, now)).toBe(
    "2 waiting, next Maria, Leeds, roundabout. The longest waits 10 minutes 1 second.",
  );
  const none = withNext([], "");
  expect([answers.next(none, now), answers.onAir(none, now), answers.waiting(none, now)]).toEqual([
    "Nobody is waiting.",
    "Nobody is on air.",
    "Nobody is waiting.",
  ]);
});

test("in a show that screens, who is ready and who is to be screened are told apart", () => {
  const picture = withNext([{ ...maria, place: queued("screening") }, tom], "Tom");
  const screening = { ...picture, show: { ...picture.show, screens: true } };
  expect(waitingWords(screening)).toBe("1 ready, 1 to be screened, next Tom.");
  expect(waitingWords(picture)).toBe("1 waiting, 1 set aside, next Tom.");
});

test("a length is spoken in its two largest units", () => {
  expect([0, 1_000, 65_000, minutes(60), minutes(61) + 5_000].map(spokenLength)).toEqual([
    "0 seconds",
    "1 second",
    "1 minute 5 seconds",
    "1 hour",
    "1 hour 1 minute",
  ]);
});
