import { beforeEach, expect, test, vi } from "vitest";
import { type Backend, Refused, type TracksKept, unanswered } from "../backend/backend";
import { Tracks } from "./tracks.svelte";

/** The worklet's node, in the test's hands. */
class Node {
  static last: Node;
  readonly port = {
    posted: [] as boolean[],
    onmessage: undefined as undefined | ((event: { data: unknown }) => void),
    postMessage(on: boolean) {
      this.posted.push(on);
    },
  };
  connect() {}
  disconnect() {}
  constructor() {
    Node.last = this;
  }
}

/** What the station was sent, and how it answers. */
class Station {
  readonly heads: { number: number; at: number; ago: number; take: string }[] = [];
  sound = new Uint8Array();
  answers: (TracksKept | Error)[] = [];
  answer: TracksKept | Error = { run: "a", synced: false };

  readonly backend = {
    track: async (_studio: string, chunk: Uint8Array) => {
      const end = chunk.indexOf(10);
      this.heads.push(JSON.parse(new TextDecoder().decode(chunk.subarray(0, end))));
      this.sound = chunk.slice(end + 1);
      const answer = this.answers.shift() ?? this.answer;
      if (answer instanceof Error) throw answer;
      return answer;
    },
  } as unknown as Backend;

  get numbers() {
    return this.heads.map(({ number }) => number);
  }
}

const refused = (code: string) => new Refused({ code, message: "No." });

async function recording(station: Station, bytes = 4) {
  const node = { connect() {} } as unknown as AudioNode;
  const context = {
    audioWorklet: { addModule: async () => {} },
    sampleRate: 8000,
    currentTime: 0,
    destination: node,
  };
  let wanted = true;
  const tracks = new Tracks(station.backend, {
    studio: () => "",
    wanted: () => wanted,
    taps: () => ({ context: context as unknown as AudioContext, tracks: [node, node], host: true }),
  });
  tracks.follow();
  await vi.advanceTimersByTimeAsync(0);
  let at = 400;
  const come = async (pieces: number) => {
    for (let n = 0; n < pieces; n++) {
      const samples = new Int16Array(bytes / 2);
      samples[0] = -1;
      const sound = [samples];
      Node.last.port.onmessage?.({ data: { at, frames: 8000, tracks: [1], sound } });
      at += 8000;
    }
    await vi.advanceTimersByTimeAsync(0);
  };
  const stop = () => {
    wanted = false;
    tracks.follow();
  };
  return { tracks, come, stop };
}

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal("AudioWorkletNode", Node);
});

test("a chunk says where it belongs, and its samples are two bytes each, the lower one first", async () => {
  const station = new Station();
  const { come, stop } = await recording(station);
  await come(2);
  expect(station.heads[1]).toMatchObject({
    ...{ number: 2, rate: 8000, from: 400, at: 8400, frames: 8000, tracks: [1], host: true },
  });
  expect(station.heads[1]?.take).toMatch(/^[0-9a-f]{32}$/);
  expect([...station.sound]).toEqual([255, 255, 0, 0]);
  stop();
  expect(Node.last.port.posted).toEqual([true, false]);
});

test("what the station does not answer is sent until it does, in its order", async () => {
  const station = new Station();
  const { tracks, come } = await recording(station);
  station.answer = new Refused(unanswered);
  await come(3);
  await vi.advanceTimersByTimeAsync(2_500);
  expect(tracks.behind).toBe(3);
  expect(new Set(station.numbers)).toEqual(new Set([1]));
  station.heads.length = 0;
  station.answer = { run: "a", synced: false };
  await vi.advanceTimersByTimeAsync(1_000);
  expect(station.numbers).toEqual([1, 2, 3]);
  expect(station.heads[0]?.ago).toBe(3_000);
  expect(tracks.behind).toBe(0);
});

test("what a station that was started anew may have lost is sent once more", async () => {
  const station = new Station();
  const { come } = await recording(station);
  station.answers = [
    { run: "a", synced: false },
    { run: "a", synced: true },
    { run: "a", synced: false },
  ];
  await come(3);
  station.answer = { run: "b", synced: false };
  await come(1);
  expect(station.numbers).toEqual([1, 2, 3, 4, 3]);
  await come(1);
  expect(station.numbers).toEqual([1, 2, 3, 4, 3, 5]);
});

test("a full disk is tried again later; what is not this page's to record is left out", async () => {
  const station = new Station();
  const { come } = await recording(station);
  station.answers = [refused("tracks_full"), { run: "a", synced: true }, refused("phone_off_line")];
  await come(1);
  await vi.advanceTimersByTimeAsync(9_000);
  expect(station.numbers).toEqual([1]);
  await vi.advanceTimersByTimeAsync(1_000);
  expect(station.numbers).toEqual([1, 1]);
  await come(2);
  expect(station.numbers).toEqual([1, 1, 2, 3]);
});

test("of more than can be kept the oldest is let go, and counted", async () => {
  const station = new Station();
  const { tracks, come } = await recording(station, 40e6);
  station.answer = new Refused(unanswered);
  await come(3);
  expect(tracks.lost).toBe(1);
  station.heads.length = 0;
  station.answer = { run: "a", synced: true };
  await vi.advanceTimersByTimeAsync(1_000);
  expect(station.numbers).toEqual([2, 3]);
});
