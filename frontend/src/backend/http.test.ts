import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { FeedState } from "./backend";
import type { StageNow } from "./contract";
import { httpBackend } from "./http";

/** The browser's EventSource, driven by the test. */
class Source extends EventTarget {
  static all: Source[] = [];
  closed = false;
  readonly url: string;
  constructor(url: string) {
    super();
    this.url = url;
    Source.all.push(this);
  }
  close() {
    this.closed = true;
  }
  tell(name: string, data: unknown, lastEventId: string) {
    this.dispatchEvent(new MessageEvent(name, { data: JSON.stringify(data), lastEventId }));
  }
}

const answer = (status: number, body: unknown) => async () => new Response(JSON.stringify(body), { status });

beforeEach(() => {
  vi.useFakeTimers();
  Source.all = [];
  vi.stubGlobal("EventSource", Source);
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

function attached() {
  const states: FeedState[] = [];
  const seqs: number[] = [];
  const stages: StageNow[] = [];
  const detach = httpBackend().attach({
    onPicture: (p) => seqs.push(p.seq),
    onChange: (c) => seqs.push(c.seq),
    onStage: (s) => stages.push(s),
    onState: (s) => states.push(s),
  });
  return { states, seqs, stages, detach };
}

test("after a break the feed goes on from its last event", async () => {
  vi.stubGlobal("fetch", () => Promise.reject(new TypeError("refused")));
  const { states, seqs, stages } = attached();
  const first = Source.all[0];
  expect(first?.url).toBe("/api/feed");
  first?.dispatchEvent(new Event("open"));
  first?.tell("picture", { seq: 5 }, "run-5");
  first?.tell("change", { seq: 9 }, "run-9");
  // The stage is not one of the numbered events.
  first?.tell("stage", { callers: [], more: 0 }, "run-9");
  first?.dispatchEvent(new Event("error"));
  await vi.runOnlyPendingTimersAsync();
  expect(first?.closed).toBe(true);
  expect(Source.all[1]?.url).toBe("/api/feed?from=run-9");
  Source.all[1]?.dispatchEvent(new Event("open"));
  expect(states).toEqual(["live", "lost", "live"]);
  expect(seqs).toEqual([5, 9]);
  expect(stages).toHaveLength(1);
});

test("a page without the key is told so", async () => {
  vi.stubGlobal("fetch", answer(401, { code: "no_key", message: "…" }));
  const { states } = attached();
  Source.all[0]?.dispatchEvent(new Event("error"));
  await vi.runOnlyPendingTimersAsync();
  expect(states).toEqual(["no_key"]);
});

test("a feed that was ended is not asked for again", async () => {
  vi.stubGlobal("fetch", () => Promise.reject(new TypeError("refused")));
  const { detach } = attached();
  Source.all[0]?.dispatchEvent(new Event("error"));
  detach();
  await vi.runAllTimersAsync();
  expect(Source.all).toHaveLength(1);
});

test("an operation gives its result, its refusal, or says that nobody answered", async () => {
  const { operate } = httpBackend();
  vi.stubGlobal("fetch", answer(200, { move: 3 }));
  await expect(operate("take", { call: "A" })).resolves.toEqual({ move: 3 });
  vi.stubGlobal("fetch", answer(409, { code: "moving", message: "Wait.", field: "call" }));
  await expect(operate("take", { call: "A" })).rejects.toMatchObject({ code: "moving", field: "call" });
  vi.stubGlobal("fetch", answer(502, "nonsense"));
  await expect(operate("take", { call: "A" })).rejects.toMatchObject({ code: "unanswered" });
  vi.stubGlobal("fetch", () => Promise.reject(new TypeError("refused")));
  await expect(operate("take", { call: "A" })).rejects.toMatchObject({ code: "unanswered" });
});
