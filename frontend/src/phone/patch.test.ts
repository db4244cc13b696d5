// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Mix } from "./mix";
import { Patch, patchWords } from "./patch.svelte";
import type { Chosen } from "./strip";

let there: [kind: MediaDeviceKind, id: string, label: string][];
let plays: Chosen[];
let hears: Chosen[];
let cue: Chosen;
let lost: string[];
let refused: number[];
let settling: string[];

const mix = {
  play: async (lane: number, device: Chosen) => {
    plays[lane] = device;
  },
  hear: async (devices: Chosen[]) => {
    hears = devices;
    return true;
  },
  cueThrough: async (device: Chosen) => {
    cue = device;
  },
  wasLost: (device: string) => lost.includes(device),
  settles: (device: string) => settling.includes(device),
  get refused() {
    return refused;
  },
} as unknown as Mix;

const made = () =>
  new Patch(
    () => mix,
    () => 2,
    () => {},
    () => {},
  );

const said = (patch: Patch) => patch.troubles.map((trouble) => patchWords(trouble, 2));

beforeEach(() => {
  localStorage.clear();
  [plays, hears, refused, settling, lost] = [[], [], [], [], []];
  there = [
    ["audiooutput", "default", "Default - Console 1"],
    ["audiooutput", "c1", "Console 1"],
    ["audiooutput", "c2", "Console 2"],
    ["audioinput", "n1", "N-1"],
    ["audioinput", "twin1", "Twin"],
    ["audioinput", "twin2", "Twin"],
  ];
  vi.stubGlobal("navigator", {
    mediaDevices: {
      addEventListener: () => {},
      enumerateDevices: async () => there.map(([kind, deviceId, label]) => ({ kind, deviceId, label })),
    },
  });
});
afterEach(() => vi.unstubAllGlobals());

test("devices are chosen by their own names, and found by them whatever their ids", async () => {
  const patch = made();
  await patch.look();
  expect(patch.names).toEqual({ output: ["Console 1", "Console 2"], return: ["N-1", "Twin"] });
  expect([plays, hears]).toEqual([
    [undefined, undefined],
    [undefined, undefined],
  ]);
  patch.choose(1, "output", "Console 2");
  patch.choose(1, "return", "N-1");
  there = there.map(([kind, id, label]) => [kind, `${id} after a restart`, label]);
  const again = made();
  await again.look();
  expect([plays, hears]).toEqual([
    [undefined, "c2 after a restart"],
    [undefined, "n1 after a restart"],
  ]);
  again.choose(1, "return", "");
  await again.look();
  expect(hears).toEqual([undefined, undefined]);
});

test("what is gone, there twice or refused is no other device, and is said", async () => {
  const patch = made();
  patch.choose(0, "output", "Console 2");
  patch.choose(1, "return", "Twin");
  there = there.filter(([, id]) => id !== "c2");
  await patch.look();
  expect([plays, hears]).toEqual([
    [null, undefined],
    [undefined, null],
  ]);
  expect(said(patch)).toEqual([
    expect.stringContaining("Lane 1 plays nowhere: Console 2 is gone."),
    expect.stringContaining("more than one device is called Twin"),
  ]);
  there = there.filter(([, id]) => id !== "twin2");
  refused = [1];
  await patch.look();
  expect(patch.troubles.map(({ kind }) => kind)).toEqual(["gone", "refused"]);
});

test("an output that was lost and is back is not used at once, and that is said", async () => {
  const patch = made();
  patch.choose(0, "output", "Console 1");
  settling = ["c1"];
  await patch.look();
  expect(plays[0]).toBeNull();
  expect(said(patch)).toEqual(["Lane 1 plays nowhere for a few seconds more: Console 1 is back."]);
  settling = [];
  await patch.look();
  expect(plays[0]).toBe("c1");
  expect(patch.troubles).toEqual([]);
});

test("the cue plays through an output that no caller is heard by, or nowhere", async () => {
  const patch = made();
  for (const lane of [0, 1]) patch.choose(lane, "output", "Console 1");
  await patch.look();
  expect(cue).toBeUndefined();
  patch.cue = "Console 2";
  await patch.look();
  expect([cue, patch.troubles]).toEqual(["c2", []]);
  lost = ["c2"];
  await patch.look();
  expect(cue).toBeNull();
  expect(said(patch)).toEqual([expect.stringContaining("The cue plays nowhere: Console 2 was unplugged.")]);
  lost = [];
  patch.cue = "Console 1";
  await patch.look();
  expect(cue).toBeNull();
  expect(said(patch)).toEqual([
    expect.stringContaining("The cue plays nowhere: callers are heard through Console 1 too"),
  ]);

  // One lane plays as this computer does, which is Console 1.
  patch.choose(1, "output", "");
  patch.choose(0, "output", "Console 2");
  await patch.look();
  expect(cue).toBeNull();
  patch.choose(1, "output", "Console 2");
  there = there.filter(([, id]) => id !== "c1");
  await patch.look();
  expect(cue).toBeNull();
  expect(said(patch)).toEqual([expect.stringContaining("The cue plays nowhere: Console 1 is gone.")]);
});
