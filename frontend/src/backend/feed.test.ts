// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { StationNow } from "./contract";
import { httpBackend } from "./http";

/** The other pages of this browser, of which one reads the feed. */
let others: BroadcastChannel;
/** The feeds that this page has asked for, as they are answered by the test. */
const asked: { from: string | null; signal: AbortSignal; tell(...events: string[]): void }[] = [];

beforeEach(() => {
  asked.length = 0;
  others = new BroadcastChannel("callin.feed");
  const request = async (_: string, how: { ifAvailable?: boolean }, turn: (lock: null) => unknown) =>
    how.ifAvailable ? turn(null) : new Promise(() => {});
  vi.stubGlobal("navigator", { ...navigator, locks: { request } });
  vi.stubGlobal("fetch", async (path: string, { signal }: { signal: AbortSignal }) => {
    let feed!: ReadableStreamDefaultController<Uint8Array>;
    const stream = new ReadableStream<Uint8Array>({
      start(controller) {
        feed = controller;
      },
    });
    const text = new TextEncoder();
    asked.push({
      from: new URL(path, location.href).searchParams.get("from"),
      signal,
      tell: (...events) => feed.enqueue(text.encode(events.join(""))),
    });
    return new Response(stream);
  });
});

afterEach(() => {
  others.close();
  vi.unstubAllGlobals();
});

const change = (seq: number, after: number) => ({
  event: { name: "change", id: `run-${seq}`, data: JSON.stringify({ seq }) },
  after: `run-${after}`,
});
const picture = (seq: number) =>
  `id: run-${seq}\nevent: picture\ndata: ${JSON.stringify({ seq, station: { rehearsal: false } })}\n\n`;

function attached() {
  const heard: string[] = [];
  const detach = httpBackend().attach({
    onPicture: (p) => heard.push(`picture ${p.seq}`),
    onChange: (c) => heard.push(`change ${c.seq}`),
    onStage: () => {},
    onState: (state, station) => heard.push(station ? `${state}: ${station.why ?? station.name}` : state),
  });
  return { heard, detach };
}

/** A page that is opened while another one reads, and has asked for its picture. */
async function late() {
  const page = attached();
  await vi.waitFor(() => expect(asked).toHaveLength(1));
  return page;
}

test("a page that comes late asks for a picture, and what it is told meanwhile follows that", async () => {
  const { heard, detach } = await late();
  for (const seq of [5, 6]) others.postMessage(change(seq, seq - 1));
  await vi.waitFor(() => expect(asked[0]?.from).toBeNull());
  asked[0]?.tell(picture(5));
  // 5 is in the picture already.
  await vi.waitFor(() => expect(heard).toEqual(["picture 5", "live", "change 6"]));
  expect(asked[0]?.signal.aborted).toBe(true);
  others.postMessage({ state: "lost" });
  others.postMessage(change(9, 6)); // numbers jump
  await vi.waitFor(() => expect(heard.slice(3)).toEqual(["lost", "change 9"]));
  expect(asked).toHaveLength(1);
  detach();
});

test("a page that has missed something asks for a picture", async () => {
  const { heard, detach } = await late();
  asked[0]?.tell(picture(5));
  await vi.waitFor(() => expect(heard).toHaveLength(2));
  others.postMessage(change(8, 7));
  await vi.waitFor(() => expect(asked).toHaveLength(2));
  asked[1]?.tell(picture(7));
  await vi.waitFor(() => expect(heard.slice(2)).toEqual(["picture 7", "change 8"]));
  // Another run of Callin counts anew.
  others.postMessage({ ...change(9, 8), after: "other-8" });
  await vi.waitFor(() => expect(asked).toHaveLength(3));
  detach();
});

const station = (now: Partial<StationNow>) =>
  `event: station\ndata: ${JSON.stringify({ name: "Radio", reached: false, ended: false, ...now })}\n\n`;

test("a page of a station elsewhere is told whether that is reached", async () => {
  const { heard, detach } = await late();
  asked[0]?.tell(station({ why: "Not reached." }));
  await vi.waitFor(() => expect(heard).toEqual(["lost: Not reached."]));
  asked[0]?.tell(station({ reached: true }), picture(5));
  await vi.waitFor(() => expect(heard.slice(1)).toEqual(["picture 5", "live: Radio"]));
  const event = { name: "station", id: "", data: "" };
  others.postMessage({
    event: { ...event, data: station({ ended: true, why: "Signed out." }).split("data: ")[1] },
    after: "run-5",
  });
  await vi.waitFor(() => expect(heard.slice(3)).toEqual(["ended: Signed out."]));
  // This PC's own stream comes and goes, and the page is still no desk's.
  for (const state of ["lost", "live"]) others.postMessage({ state });
  await vi.waitFor(() => expect(heard.slice(4)).toEqual(["lost: Signed out.", "ended: Signed out."]));
  detach();
});
