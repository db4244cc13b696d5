// @vitest-environment happy-dom
import { beforeEach, expect, test } from "vitest";
import type { Backend } from "../backend/backend";
import { Lanes } from "./lanes.svelte";
import type { Phone } from "./phone.svelte";

beforeEach(() => localStorage.clear());

/** Three lanes with the desk's phone on each, and who is heard on them or comes there. */
function atLanes(shared = false, first = {} as Phone) {
  const heard: string[][] = [[], [], []];
  const coming: string[][] = [[], [], []];
  const off = new Set<string>();
  const lines = ["studio", "lane2", "lane3"];
  const of = (all: string[][], line: string) => all[lines.indexOf(line)] ?? [];
  const around = {
    lines: () => lines,
    talkback: () => "talkback",
    legOn: (line: string) => (off.has(line) ? undefined : `leg of ${line}`),
    shared: () => shared,
    heardOn: (line: string) => of(heard, line),
    nextOn: (line: string) => of(coming, line),
    isTaken: (line: string) => of(heard, line).length + of(coming, line).length > 0,
    onMoved: () => {},
    onHeard: () => {},
  };
  const lanes = new Lanes({} as Backend, around, () => first);
  return { lanes, heard, coming, off };
}

test("who is muted is so on the way to another lane, before they are heard there", () => {
  const { lanes, heard, coming } = atLanes();
  heard[0] = ["A"];
  lanes.mute(0, true);
  coming[2] = ["A"];
  expect([0, 1, 2].map(lanes.isMuted)).toEqual([true, false, true]);
  heard[0] = ["B"];
  coming[2] = [];
  heard[2] = ["A"];
  expect([0, 1, 2].map(lanes.isMuted)).toEqual([false, false, true]);
});

test("of a shared lane all who are heard are muted, and each keeps that", () => {
  const { lanes, heard } = atLanes(true);
  heard[2] = ["A", "B"];
  expect(lanes.heard(2)).toBe(2);
  lanes.mute(2, true);
  heard[2] = ["B"];
  heard[0] = ["A"];
  expect([0, 1, 2].map(lanes.isMuted)).toEqual([true, false, true]);
  heard[2] = ["A", "C"]; // who is not muted is in one sound with who is
  heard[0] = [];
  expect(lanes.isMuted(2)).toBe(true);
  lanes.mute(2, false);
  expect(lanes.isMuted(2)).toBe(false);
  heard[0] = ["A"];
  expect(lanes.isMuted(0)).toBe(false);
});

test("of who shares a lane the line is not known", () => {
  const { lanes, heard } = atLanes(true);
  heard[2] = ["A"];
  expect(lanes.line(2)).toBe("listening");
  heard[2] = ["A", "B"];
  expect(lanes.line(2)).toBeUndefined();
});

test("a caller is moved to the chosen lane, or to the first other one that they can come to", async () => {
  const { lanes, heard, coming, off } = atLanes();
  heard[0] = ["A"];
  expect(lanes.other(0)).toBe(1);
  off.add("lane2"); // the phone is not there
  expect(lanes.other(0)).toBe(2);
  coming[2] = ["B"];
  expect(lanes.other(0)).toBeUndefined();
  coming[2] = [];
  lanes.chooseNext();
  expect(lanes.chosen).toBe(1);
  expect(lanes.other(0)).toBe(1); // and says what is wrong with it
  const asked: unknown[] = [];
  const refused = await lanes.onto(async (to) => void asked.push(to), lanes.other(0));
  expect(refused).toBeUndefined();
  expect(lanes.chosen).toBe(1);
  await lanes.onto(async (to) => asked.push(to), lanes.other(0));
  expect(asked).toEqual([{ lane: "lane2" }, { lane: "lane2" }]);
  expect(lanes.chosen).toBeUndefined();
});

test("a shared lane can be come to whoever is there, after those that are free", () => {
  const { lanes, heard } = atLanes(true);
  heard[0] = ["A"];
  heard[2] = ["B"];
  expect(lanes.other(0)).toBe(1);
  heard[1] = ["C"];
  expect([0, 1, 2].map((lane) => lanes.other(lane))).toEqual([2, 2, undefined]);
  lanes.chooseNext();
  expect(lanes.chosen).toBe(2);
});

test("the phone of each lane is told that Callin is back, and the one by which desks talk to the host", () => {
  const told: string[] = [];
  const phone = (name: string) => ({ callinIsBack: async () => void told.push(name) }) as unknown as Phone;
  const { lanes } = atLanes(false, phone("1"));
  lanes.phones = [phone("2"), phone("3")];
  lanes.talkIn = phone("talkback");
  lanes.callinIsBack();
  expect(told).toEqual(["1", "2", "3", "talkback"]);
});
