// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Backend } from "../backend/backend";
import type { Notices } from "./notices.svelte";
import { OwnSounds } from "./ownsounds.svelte";

/** What sounds now, and what has sounded. */
let playing: { sink: string; end(): void } | undefined;
const heard: string[] = [];
/** The locks of this browser that a page holds. */
const held = new Set<string>();
const tell = vi.fn();
let live: boolean;
let outputs: string[];

beforeEach(() => {
  playing = undefined;
  heard.length = 0;
  held.clear();
  tell.mockClear();
  live = false;
  outputs = ["Headset", "Speakers"];
  localStorage.clear();
  vi.useFakeTimers();
  let sink = "";
  const audio = HTMLMediaElement.prototype as HTMLMediaElement & { setSinkId(id: string): Promise<void> };
  audio.setSinkId = async (id) => {
    sink = id;
  };
  vi.spyOn(audio, "play").mockImplementation(async function (this: HTMLMediaElement) {
    playing = { sink, end: () => this.onended?.(new Event("ended")) };
    heard.push(sink);
  });
  vi.spyOn(audio, "pause").mockImplementation(function (this: HTMLMediaElement) {
    if (playing) heard.push("broken off");
    playing = undefined;
    this.onpause?.(new Event("pause"));
  });
  const device = (deviceId: string, label: string) => ({ deviceId, label, kind: "audiooutput", groupId: "" });
  vi.stubGlobal("navigator", {
    mediaDevices: {
      enumerateDevices: async () => [
        device("default", `Default - ${outputs[0]}`),
        ...outputs.map((id) => device(id, id.replace(/ #.*/, ""))),
      ],
    },
    locks: {
      async request(name: string, _: unknown, hold: (lock: object | null) => unknown) {
        const free = !held.has(name);
        if (free) held.add(name);
        await hold(free ? {} : null);
        if (free) held.delete(name);
      },
    },
  });
  URL.createObjectURL = () => "blob:";
  URL.revokeObjectURL = () => {};
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

async function sounds(through: string): Promise<OwnSounds> {
  const operate = async () => ({ wave: "" });
  const own = new OwnSounds({ operate } as unknown as Backend, { tell } as unknown as Notices, () => live);
  await own.look();
  own.choose(through);
  own.rings.value = true;
  return own;
}
const settled = () => vi.advanceTimersByTimeAsync(0);
const over = async () => {
  playing?.end();
  playing = undefined;
  await settled();
};

test("a ring and then the words; who calls within three seconds has rung, on all pages", async () => {
  const own = await sounds("Speakers");
  const beside = await sounds("Speakers");
  own.ring();
  own.say("Ana rings.");
  own.ring();
  await settled();
  expect(heard).toEqual(["Speakers"]);
  await over();
  await over();
  beside.ring();
  await settled();
  expect(heard).toEqual(["Speakers", "Speakers"]);
  await vi.advanceTimersByTimeAsync(3_000);
  own.ring();
  await settled();
  expect(heard).toHaveLength(3);
});

test("nothing sounds while a microphone is live, and what sounds then ends, but in headphones", async () => {
  const own = await sounds("Speakers");
  own.ring();
  await settled();
  live = true;
  own.hush();
  await settled();
  expect(heard).toEqual(["Speakers", "broken off"]);
  own.say("Ana rings.");
  await vi.advanceTimersByTimeAsync(3_000);
  own.ring();
  live = false;
  own.ring(); // none has rung just now
  await settled();
  expect(heard).toHaveLength(3);
  await over();

  live = true;
  own.confirm();
  own.say("Ben rings.");
  await settled();
  own.hush();
  expect(heard).toEqual(["Speakers", "broken off", "Speakers", "Speakers"]);
});

test("what the phone is heard through is not chosen without somebody's word, and not used once it is so", async () => {
  const own = await sounds("Headset");
  own.ring();
  await settled();
  expect(own.doubtful?.label).toBe("Headset");
  expect(heard).toEqual([]);
  own.confirm();
  own.tryRing();
  await settled();
  expect(heard).toEqual(["Headset"]);
  await over();

  own.choose("Speakers");
  outputs = ["Speakers", "Headset"];
  own.tryRing();
  await settled();
  expect(heard).toHaveLength(1);
  expect(tell.mock.lastCall?.[0]).toMatch(/^The desk makes no sound through Speakers\. The phone is heard/);
});

test("an output that is gone is said once, played nowhere else, and back by itself", async () => {
  const own = await sounds("Speakers");
  outputs = ["Headset"];
  for (let n = 0; n < 2; n++) {
    own.tryRing();
    await settled();
  }
  expect(heard).toEqual([]);
  expect(tell.mock.calls.map(([words]) => words)).toEqual([
    "The desk makes no sound through Speakers. It is gone. Plug it in again, and it is used by itself.",
  ]);
  outputs = ["Headset", "Speakers"];
  own.tryRing();
  await settled();
  expect(heard).toEqual(["Speakers"]);
});

test("an output is known by its name when the browser calls it otherwise, unless two are named so", async () => {
  const own = await sounds("Speakers");
  outputs = ["Headset", "Speakers #2"];
  own.tryRing();
  await settled();
  await over();
  expect(heard).toEqual(["Speakers #2"]);
  outputs.push("Speakers #3");
  own.tryRing();
  await settled();
  expect(heard).toHaveLength(1);
  expect(tell.mock.lastCall?.[0]).toMatch(/More than one output is called so now/);
});
