import { expect, test } from "vitest";
import { presets } from "./presets";

const others = ["Speakers (Realtek(R) Audio)", "Microphone (USB)"];

test("a driver's channels go to the lanes in the order of their numbers", () => {
  const numbered = (what: string) => [9, 10, 1, 2].map((n) => `${what} ${n} (Axia IP Driver)`);
  const [first, ...more] = presets(3, [...others, ...numbered("Out")], [...numbered("In"), ...others]);
  expect(more).toEqual([]);
  expect(first?.name).toBe("Livewire");
  expect(first?.pairs.map((pair) => pair.output)).toEqual([1, 2, 9].map((n) => `Out ${n} (Axia IP Driver)`));
  expect(first?.pairs.map((pair) => pair.return)).toEqual([1, 2, 9].map((n) => `In ${n} (Axia IP Driver)`));
});

test("a cable brings back what is played into it, so returns are other cables", () => {
  const ends = (end: string) => ["", "-A", "-B", "-C"].map((n) => `CABLE${n} ${end} (VB-Audio Cable${n})`);
  const [cables] = presets(2, ends("Input"), ends("Output"));
  expect(cables?.pairs).toHaveLength(2);
  const played = cables?.pairs.map((pair) => pair.output.replace(" Input", ""));
  for (const pair of cables?.pairs ?? []) expect(played).not.toContain(pair.return.replace(" Output", ""));
});

test("with fewer devices than lanes the first lanes have them, and with none nothing is offered", () => {
  const one = ["DVS Transmit 1-2 (Dante Virtual Soundcard)"];
  expect(presets(4, one, ["DVS Receive 1-2 (Dante Virtual Soundcard)"])[0]?.pairs).toHaveLength(1);
  expect(presets(4, one, others)).toEqual([]);
  expect(presets(2, others, others)).toEqual([]);
});

test("the Chat pair of a RØDECaster comes before its main one", () => {
  const names = ["RØDECaster Pro II Main Stereo", "RØDECaster Pro II Chat"];
  expect(presets(2, names, names)[0]?.pairs.map((pair) => pair.output)).toEqual(names.toReversed());
});
