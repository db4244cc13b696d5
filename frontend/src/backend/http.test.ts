import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { FeedState } from "./backend";
import type { StageNow } from "./contract";
import { httpBackend } from "./http";

/** What was fetched, and the feeds among it that the test drives. */
interface Asked {
  path: string;
  authorization: string | null;
  tell(...events: string[]): void;
  cut(): void;
}

const asked: Asked[] = [];
const answer = (status: number, body: unknown) => async () => new Response(JSON.stringify(body), { status });

/** Answers the feed with a stream, and the exchange of a code as it is told. */
function serving(enter: () => Response = () => new Response("{}", { status: 401 })) {
  vi.stubGlobal("fetch", async (path: string, init?: RequestInit) => {
    if (path === "/api/session") return enter();
    const bytes = new TextEncoder();
    let feed!: ReadableStreamDefaultController<Uint8Array>;
    const stream = new ReadableStream<Uint8Array>({
      start(controller) {
        feed = controller;
      },
    });
    asked.push({
      path,
      authorization: new Headers(init?.headers).get("Authorization"),
      tell: (...events) => feed.enqueue(bytes.encode(events.join(""))),
      cut: () => feed.error(new TypeError("network error")),
    });
    return new Response(stream);
  });
}

const event = (name: string, data: unknown, id = "") =>
  `${id && `id: ${id}\n`}event: ${name}\ndata: ${JSON.stringify(data)}\n\n`;

beforeEach(() => {
  vi.useFakeTimers();
  asked.length = 0;
  localStorage.clear();
  history.replaceState(null, "", "/");
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

/** Lets what is under way come to rest, without its timers. */
const settled = () => vi.advanceTimersByTimeAsync(0);

test("after a break the feed goes on from its last event", async () => {
  serving();
  const { states, seqs, stages } = attached();
  await settled();
  expect(asked[0]?.path).toBe("/api/feed");
  asked[0]?.tell("retry: 500\n\n", ": still here\n\n", event("picture", { seq: 5 }, "run-5"));
  // The network cuts where it likes; the stage is not one of the numbered events.
  const change = event("change", { seq: 9 }, "run-9");
  asked[0]?.tell(change.slice(0, 12));
  asked[0]?.tell(change.slice(12), event("stage", { callers: [], more: 0 }));
  await settled();
  expect(seqs).toEqual([5, 9]);
  asked[0]?.cut();
  await vi.runOnlyPendingTimersAsync();
  expect(asked[1]?.path).toBe("/api/feed?from=run-9");
  expect(states).toEqual(["live", "lost", "live"]);
  expect(stages).toHaveLength(1);
});

test("a browser that was not let in is told so", async () => {
  vi.stubGlobal("fetch", answer(401, { code: "no_key", message: "…" }));
  const { states, detach } = attached();
  await settled();
  expect(states).toEqual(["no_key"]);
  detach();
});

test("a feed that was ended is not asked for again", async () => {
  vi.stubGlobal(
    "fetch",
    vi.fn(() => Promise.reject(new TypeError("refused"))),
  );
  const { detach } = attached();
  await settled();
  detach();
  await vi.runAllTimersAsync();
  expect(fetch).toHaveBeenCalledTimes(1);
});

test("the address's code is exchanged once for a proof that goes along from then on", async () => {
  history.replaceState(null, "", "/?code=ABC");
  const enter = vi.fn(() => new Response('{"proof":"P"}'));
  serving(enter);
  attached();
  await settled();
  expect(location.href).not.toContain("ABC");
  asked[0]?.cut();
  await vi.runOnlyPendingTimersAsync();
  expect(enter).toHaveBeenCalledTimes(1);
  expect(asked.map((a) => a.authorization)).toEqual(["Bearer P", "Bearer P"]);
  // A page that is opened by the used address is this browser's all the same.
  history.replaceState(null, "", "/?code=ABC");
  serving();
  attached();
  await settled();
  expect(asked.at(-1)?.authorization).toBe("Bearer P");
});

test("a code that nobody has answered is tried again", async () => {
  history.replaceState(null, "", "/?code=ABC");
  vi.stubGlobal("fetch", () => Promise.reject(new TypeError("refused")));
  attached();
  await settled();
  serving(() => new Response('{"proof":"Q"}'));
  await vi.runOnlyPendingTimersAsync();
  expect(asked[0]?.authorization).toBe("Bearer Q");
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
