import { expect, test, vi } from "vitest";
import type { Card, Change, Check, Picture } from "../backend/contract";
import { fold, whole } from "./fold";
import { airLine } from "./lists";
import { aCard, aPicture, online } from "./made";
import { PictureStore } from "./store.svelte";
import { hoursAndMinutes } from "./time";
import { viewOf } from "./view";
import { checkWords } from "./words";

const calls = (picture: Picture | undefined) => picture?.cards.map((c) => c.call);

test("a change replaces, adds and removes cards and leaves the rest alone", () => {
  const before = aPicture([aCard("A"), aCard("B"), aCard("C")]);
  const studios = [{ ...before.studio, next: "B" }];
  const change = { seq: 11, cards: [{ ...aCard("B"), name: "Ben" }, aCard("D")], gone: ["C"], studios };
  const after = fold(before, [change]);
  expect(calls(after)).toEqual(["A", "B", "D"]);
  expect(after.cards[1]?.name).toBe("Ben");
  expect(after.cards[0]).toBe(before.cards[0]);
  expect([after.seq, viewOf(after, "")?.next]).toEqual([11, "B"]);
  expect(calls(before)).toEqual(["A", "B", "C"]);
});

test("next can become nobody, and is kept when a change does not tell it", () => {
  const { studio, ...before } = aPicture([aCard("A")]);
  const picture = { ...before, studios: [{ ...studio, next: "A" }] };
  const nextAfter = (change: Change) => viewOf(fold(picture, [change]), "")?.next;
  expect(nextAfter({ seq: 11 })).toBe("A");
  expect(nextAfter({ seq: 11, studios: [studio] })).toBe("");
});

test("a change that the picture has already is ignored; a jump in numbers is not", () => {
  const picture = aPicture([aCard("A")]);
  expect(fold(picture, [{ seq: 10, gone: ["A"] }])).toBe(picture);
  expect(calls(fold(picture, [{ seq: 25, gone: ["A"] }]))).toEqual([]);
});

test("changes that come together do what they do one by one", () => {
  const before: Picture = aPicture([aCard("A"), aCard("B"), aCard("C")]);
  const [studio] = before.studios as [Picture["studios"][0]];
  const [line] = before.lines as [Picture["lines"][0]];
  const changes: Change[] = [
    { seq: 11, cards: [aCard("D"), aCard("B", { topic: "Buses" })], studios: [{ ...studio, next: "D" }] },
    {
      seq: 12,
      gone: ["A", "D"],
      lines: [
        { ...line, phone: true },
        { ...line, name: "other" },
      ],
    },
    { seq: 12, gone: ["B"] },
    {
      seq: 15,
      cards: [aCard("A"), aCard("E")],
      studios: [{ ...studio, show: { ...studio.show, state: "closing" } }],
    },
    { seq: 16, cards: [aCard("E", { locked: true })], lines: [{ ...line, leg: "L" }] },
  ];
  const together = fold(before, changes);
  expect(together).toEqual(changes.reduce((picture, change) => fold(picture, [change]), before));
  // Who has gone and comes again is the last one.
  expect([calls(together), together.seq]).toEqual([["B", "C", "A", "E"], 16]);
  expect(viewOf(together, "")).toMatchObject({ next: "", show: { state: "closing" } });
  expect(calls(before)).toEqual(["A", "B", "C"]);
});

test("lines are replaced by name", () => {
  const picture = aPicture([]);
  const studio = { ...airLine(aPicture([])), phone: true, since: 5 };
  expect(fold(picture, [{ seq: 11, lines: [studio] }]).lines).toEqual([studio]);
});

test("empty lists that Go wrote as null are lists", () => {
  const bare = JSON.parse(
    `{"seq":1,"now":0,"station":{},"studios":[{"id":"","show":{"queues":null}}],"lines":[{"name":"studio","lost":null}],"cards":null}`,
  ) as Picture;
  expect(whole(bare)).toMatchObject({
    cards: [],
    studios: [{ show: { queues: [] } }],
    lines: [{ lost: [] }],
  });
  const changed = fold(whole(bare), [JSON.parse(`{"seq":2,"cards":null,"lines":null,"gone":null}`)]);
  expect(changed.cards).toEqual([]);
});

test("a studio sees its own show and callers, and of a caller who is given to another no more", () => {
  const one = aPicture([aCard("A"), aCard("B", { studio: "b" })]);
  const { studio, ...rest } = one;
  const b = { ...studio, id: "b", line: "studio-b", next: "B" };
  const both: Picture = { ...rest, studios: [studio, b] };
  expect([calls(viewOf(both, "")), calls(viewOf(both, "b"))]).toEqual([["A"], ["B"]]);
  expect(viewOf(both, "b")).toMatchObject({ next: "B", studio: { line: "studio-b" } });
  const given = fold(both, [
    { seq: 11, cards: [aCard("B")], studios: [{ ...b, next: "", show: { ...b.show, state: "closed" } }] },
  ]);
  expect([calls(viewOf(given, "")), calls(viewOf(given, "b"))]).toEqual([["A", "B"], []]);
  expect([viewOf(given, "")?.show.state, viewOf(given, "b")?.show.state]).toEqual(["open", "closed"]);
  expect(viewOf(given, "gone")?.studio.id).toBe("");
});

test("a change before the first picture is ignored", () => {
  const store = new PictureStore(() => {});
  store.onChanges([{ seq: 3, cards: [aCard("A")] }]);
  expect(store.picture).toBeUndefined();
});

test("a notice is no fact: it is told whatever the number of its change", () => {
  const told = vi.fn();
  const store = new PictureStore(told);
  store.onPicture(aPicture([]));
  const notice = { code: "x", message: "Ana had hung up. Ben is next.", at: 0 };
  store.onChanges([{ seq: 10, gone: ["A"], notice }]);
  expect(told).toHaveBeenCalledExactlyOnceWith(notice);
  expect(store.picture?.seq).toBe(10);
});

test("the state of the disk is no fact: it is shown whatever its number, and taken away", () => {
  const store = new PictureStore(() => {});
  store.onPicture(aPicture([aCard("A")]));
  store.onChanges([{ seq: 0, disk: { code: "disk", message: "Callin cannot write to its disk.", at: 7 } }]);
  expect(store.picture).toMatchObject({ seq: 10, disk: { code: "disk", at: 7 } });
  store.onChanges([{ seq: 11, gone: ["A"] }]);
  expect(store.picture?.disk?.code).toBe("disk");
  store.onChanges([{ seq: 0, disk: { code: "", message: "", at: 0 } }]);
  expect(store.picture?.disk).toBeUndefined();
});

test("that Twilio does not reach Callin is no fact either, and is taken away", () => {
  const store = new PictureStore(() => {});
  store.onPicture(aPicture([aCard("A")]));
  store.onChanges([{ seq: 0, wayIn: { code: "way_in", message: "Nobody answers at https://…", at: 7 } }]);
  store.onChanges([{ seq: 11, gone: ["A"] }]);
  expect(store.picture?.wayIn?.at).toBe(7);
  store.onChanges([{ seq: 0, wayIn: { code: "", message: "", at: 0 } }]);
  expect(store.picture?.wayIn).toBeUndefined();
});

test("what is said of comparing with Twilio is no fact: the latest counts", () => {
  const store = new PictureStore(() => {});
  store.onPicture(aPicture([]));
  const said = (check: Check) => {
    store.onChanges([{ seq: 0, check }]);
    return store.picture && checkWords(store.picture.check);
  };
  const at = new Date(2026, 0, 5, 8, 41, 30).getTime();
  const quiet = { now: false, lostAt: 0, mended: 0, mendedAt: 0 };
  expect(said({ ...quiet, now: true })?.text).toBe("… Checking with Twilio");
  expect(said({ ...quiet, now: true, lostAt: at })).toEqual({
    text: `▲ Twilio has not answered since ${hoursAndMinutes(at)}`,
    bad: true,
  });
  expect(said({ ...quiet, mended: 2, mendedAt: at })?.text).toBe(`✓ 2 mended at ${hoursAndMinutes(at)}`);
  expect(said(quiet)).toBeUndefined();
});

test("a later picture replaces everything, also with a lower number", () => {
  const store = new PictureStore(() => {});
  store.onPicture(aPicture([aCard("A")]));
  store.onPicture({ ...aPicture([aCard("B")]), seq: 2 });
  expect(calls(store.picture)).toEqual(["B"]);
});

test("whoever waits for something in the picture is told when it comes, or that it did not", async () => {
  vi.useFakeTimers();
  const store = new PictureStore(() => {});
  store.onPicture(aPicture([]));
  const here = () => store.card("A") !== undefined;
  const comes = store.until(here, 1000);
  store.onChanges([{ seq: 11, cards: [aCard("A") as Card] }]);
  await expect(comes).resolves.toBe(true);
  const never = store.until(() => false, 1000);
  vi.advanceTimersByTime(1000);
  await expect(never).resolves.toBe(false);
  vi.useRealTimers();
});

test("what is not about those who wait leaves their lists the same ones", () => {
  const store = new PictureStore(() => {});
  store.onPicture(aPicture([aCard("A"), aCard("B", { place: online("talking") }), aCard("C")]));
  const { ready, air } = store;
  store.onChanges([{ seq: 11, cards: [aCard("B", { place: online("held") })] }]);
  expect(store.ready).toBe(ready);
  expect(store.air).not.toBe(air);
  store.onChanges([{ seq: 12, cards: [aCard("A", { topic: "Buses" })] }]);
  expect(store.ready.map((c) => c.topic)).toEqual(["Buses", ""]);
});
