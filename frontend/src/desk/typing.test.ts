// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { type Backend, Refused, unanswered } from "../backend/backend";
import type { Bodies, Card } from "../backend/contract";
import { aCard, aPicture } from "../picture/made";
import { Notices } from "./notices.svelte";
import { CardTyping, Typing } from "./typing.svelte";

beforeEach(() => {
  sessionStorage.clear();
  vi.useFakeTimers();
});
afterEach(() => void vi.useRealTimers());

/** A card that two pages type on, as Callin has it: what is saved later holds, and each time is a fact. */
function aDesk() {
  let card: Card = aCard("A", { name: "" });
  let seq = 0;
  const notes: Bodies["note"][] = [];
  let down = false;
  const save = async (note: Bodies["note"]) => {
    if (down) throw new Refused(unanswered);
    notes.push(note);
    const { call: _, ...typed } = note;
    card = { ...card, ...typed };
    return { seq: ++seq };
  };
  return {
    save,
    notes,
    seq: () => seq,
    card: () => card,
    write: (more: Partial<Card>) => {
      card = { ...card, ...more };
      seq++;
      return card;
    },
    goDown: (now: boolean) => {
      down = now;
    },
  };
}

test("each pause of the typing is saved, and what goes on without one is saved too", async () => {
  const { save, notes, card } = aDesk();
  const typing = new CardTyping(card(), save);
  typing.type("name", "Ma");
  await vi.advanceTimersByTimeAsync(300);
  typing.type("name", "Mar");
  await vi.advanceTimersByTimeAsync(399);
  expect(notes).toEqual([]);
  await vi.advanceTimersByTimeAsync(1);
  expect(notes).toEqual([{ call: "A", name: "Mar" }]);
  for (let i = 0; i < 20; i++) {
    typing.type("topic", "x".repeat(i + 1));
    await vi.advanceTimersByTimeAsync(100);
  }
  expect(notes.length).toBe(2);
  typing.type("rating", "4");
  await vi.advanceTimersByTimeAsync(400);
  expect(notes.at(-1)).toMatchObject({ rating: 4 });
  expect(typing.unsaved).toEqual([]);
});

test("what comes back of one's own typing changes nothing, however late and with whatever spaces", async () => {
  const { save, card } = aDesk();
  const typing = new CardTyping(card(), save);
  typing.type("name", "Maria ");
  await vi.advanceTimersByTimeAsync(400);
  typing.type("name", "Maria K");
  await vi.advanceTimersByTimeAsync(400);
  typing.type("name", "Maria Keane");
  typing.saw({ ...card(), name: "Maria" }, 1);
  typing.saw({ ...card(), name: "Maria K" }, 2);
  expect([typing.text.name, typing.lost]).toEqual(["Maria Keane", {}]);
});

test("of two who type in one field the later holds, and what the other typed is offered to each", async () => {
  const desk = aDesk();
  const typing = new CardTyping(desk.card(), desk.save);
  typing.type("name", "Maria");
  typing.saw(desk.write({ name: "Mary" }), desk.seq());
  expect([typing.text.name, typing.lost.name]).toEqual(["Maria", "Mary"]);
  await vi.advanceTimersByTimeAsync(400);
  expect(desk.card().name).toBe("Maria");
  typing.saw(desk.card(), desk.seq());

  typing.saw(desk.write({ name: "Mary" }), desk.seq());
  expect([typing.text.name, typing.lost.name]).toEqual(["Mary", "Maria"]);
  typing.use("name");
  expect([typing.text.name, typing.lost.name]).toEqual(["Maria", "Mary"]);
  await vi.advanceTimersByTimeAsync(400);
  expect(desk.card().name).toBe("Maria");
});

test("a field that nobody types in here follows the other's typing, without a word", () => {
  const desk = aDesk();
  const typing = new CardTyping(desk.card(), desk.save);
  typing.type("name", "Maria");
  typing.saw(desk.write({ topic: "The ferry" }), desk.seq());
  expect([typing.text.topic, typing.text.name, typing.lost]).toEqual(["The ferry", "Maria", {}]);
});

test("what was written over in the same instant as it was saved is offered as well", async () => {
  const desk = aDesk();
  const typing = new CardTyping(desk.card(), desk.save);
  typing.type("name", "Maria");
  await vi.advanceTimersByTimeAsync(400);
  typing.saw(desk.write({ name: "Mary" }), desk.seq()); // the feed told both at once
  expect([typing.text.name, typing.lost.name]).toEqual(["Mary", "Maria"]);
});

test("what was saved stays in its field until the feed has come so far, however long that takes", async () => {
  const desk = aDesk();
  const before = desk.card();
  const typing = new CardTyping(before, desk.save);
  typing.type("name", "Maria");
  await vi.advanceTimersByTimeAsync(400);
  typing.type("name", "Maria K");
  await vi.advanceTimersByTimeAsync(60_000);
  typing.saw(before, 0); // of something else
  expect([typing.text.name, typing.lost, typing.unsaved]).toEqual(["Maria K", {}, []]);
  typing.saw({ ...before, name: "Maria" }, 1);
  expect([typing.text.name, typing.lost]).toEqual(["Maria K", {}]);
  typing.saw({ ...before, name: "Mary" }, 3);
  expect([typing.text.name, typing.lost.name]).toEqual(["Mary", "Maria K"]);
});

test("what was written over before the answer came is taken in with the answer", async () => {
  const desk = aDesk();
  let answer = () => {};
  const typing = new CardTyping(desk.card(), async (note) => {
    const kept = await desk.save(note);
    await new Promise<void>((done) => {
      answer = done;
    });
    return kept;
  });
  typing.type("name", "Maria");
  await vi.advanceTimersByTimeAsync(400);
  typing.saw(desk.card(), desk.seq());
  typing.saw(desk.write({ name: "Mary" }), desk.seq());
  answer();
  await vi.advanceTimersByTimeAsync(0);
  expect([typing.text.name, typing.lost.name]).toEqual(["Mary", "Maria"]);
  await vi.advanceTimersByTimeAsync(5_000);
  expect(desk.notes).toEqual([{ call: "A", name: "Maria" }]);
});

test("while Callin does not answer the typing is kept, and saved when it does", async () => {
  const { save, notes, card, goDown } = aDesk();
  const typing = new CardTyping(card(), save);
  goDown(true);
  typing.type("name", "Maria");
  await vi.advanceTimersByTimeAsync(5_000);
  expect(typing.error).toContain("does not answer");
  expect(notes).toEqual([]);
  goDown(false);
  await vi.advanceTimersByTimeAsync(2_000);
  expect([notes.length, typing.error]).toEqual([1, undefined]);
});

const backend = (save: (note: Bodies["note"]) => Promise<unknown>) =>
  ({ operate: (_: string, body: Bodies["note"]) => save(body) }) as unknown as Backend;
const silent = backend(async () => {
  throw new Refused(unanswered);
});
const pictureOf = (seq: number, ...cards: Card[]) => ({ ...aPicture(cards), seq });

test("what a page had not saved is saved by the one that comes after it, unless somebody wrote it since", async () => {
  const desk = aDesk();
  desk.write({ topic: "Buses" });
  const before = new Typing(silent, new Notices());
  before.saw(pictureOf(desk.seq(), desk.card()));
  before.of(desk.card()).type("name", "Maria");
  before.of(desk.card()).type("topic", "Buses at night");
  const after = new Typing(backend(desk.save), new Notices());
  after.saw(pictureOf(desk.seq(), desk.write({ topic: "Ferries" })));
  await vi.advanceTimersByTimeAsync(400);
  expect(desk.card()).toMatchObject({ name: "Maria", topic: "Ferries" });
  expect(after.of(desk.card()).lost.topic).toBe("Buses at night");
  expect(sessionStorage.getItem("callin.typing")).not.toContain("Maria");
});

test("what is typed when the caller hangs up goes to the record, from the next page too", async () => {
  const desk = aDesk();
  const typing = new Typing(backend(desk.save), new Notices());
  typing.saw(pictureOf(desk.seq(), desk.card()));
  typing.of(desk.card()).type("notes", "Retired captain");
  typing.saw(pictureOf(desk.seq()));
  await vi.advanceTimersByTimeAsync(0);
  expect(desk.notes).toEqual([{ call: "A", notes: "Retired captain" }]);

  const before = new Typing(silent, new Notices());
  before.saw(pictureOf(1, aCard("B", { name: "" })));
  before.of(aCard("B", { name: "" })).type("name", "Ben");
  new Typing(backend(desk.save), new Notices()).saw(pictureOf(2));
  await vi.advanceTimersByTimeAsync(0);
  expect(desk.notes.at(-1)).toEqual({ call: "B", name: "Ben" });
});

test("what one desk had not saved is no other desk's or station's that comes after it in the tab", async () => {
  const made = pictureOf(1, aCard("A"));
  const others = {
    "another desk": { ...made, you: "lou" },
    "another station": { ...made, station: { ...made.station, name: "Radio Ferry" } },
    "a real show": { ...made, station: { ...made.station, rehearsal: false } },
  };
  for (const [who, next] of Object.entries(others)) {
    const before = new Typing(silent, new Notices());
    before.saw(made);
    before.of(aCard("A")).type("notes", "Retired captain");
    const notes: unknown[] = [];
    const after = new Typing(
      backend(async (note) => notes.push(note)),
      new Notices(),
    );
    after.saw(next);
    before.saw(next); // as on a page that is paired anew
    await vi.advanceTimersByTimeAsync(5_000);
    for (const typing of [after, before])
      expect([typing.of(aCard("A")).text.notes, notes], who).toEqual(["", []]);
    expect(JSON.stringify(sessionStorage), who).not.toContain("captain");
  }
});

test("a page that is no desk's any more keeps nothing of what was typed, nor of what is typed on", () => {
  const typing = new Typing(silent, new Notices());
  typing.saw(pictureOf(1, aCard("A")));
  const card = typing.of(aCard("A"));
  card.type("notes", "Retired captain");
  expect(JSON.stringify(sessionStorage)).toContain("captain");
  typing.leave();
  card.type("notes", "Retired captain, Hull");
  expect(JSON.stringify(sessionStorage)).not.toContain("captain");
});
