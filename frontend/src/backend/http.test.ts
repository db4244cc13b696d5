// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { FeedState } from "./backend";
import type { StageNow } from "./contract";
import { httpBackend } from "./http";

/** What was fetched, and the feeds among it that the test drives. */
interface Asked {
  path: string;
  /** The key that it shows, and whether what goes along is its signature for a start of Callin. */
  key: string | undefined;
  signed(challenge: string): Promise<boolean>;
  tell(...events: string[]): void;
  cut(): void;
}

const asked: Asked[] = [];
const answer = (status: number, body: unknown) => async () => new Response(JSON.stringify(body), { status });

const bytes = (hex = "") => Uint8Array.from(hex.match(/../g) ?? [], (byte) => Number.parseInt(byte, 16));
const wants = (challenge: string) => ({ "Callin-Challenge": challenge });
/** Refuses a browser, and says what this start of Callin wants signed. */
const refuses = (challenge: string) => () =>
  new Response("{}", { status: 401, headers: challenge ? wants(challenge) : {} });
const letsIn = (challenge: string) => () => new Response(null, { headers: wants(challenge) });

/** Answers the feed with a stream, or as it is told, and a code as it is told. */
function serving(enter: () => Response = refuses(""), feeds?: () => Response) {
  vi.stubGlobal("fetch", async (path: string, init?: RequestInit) => {
    if (path === "/api/session") return enter();
    const [, key, signature] = new Headers(init?.headers).get("Authorization")?.split(" ") ?? [];
    const text = new TextEncoder();
    let feed!: ReadableStreamDefaultController<Uint8Array>;
    const stream = new ReadableStream<Uint8Array>({
      start(controller) {
        feed = controller;
      },
    });
    asked.push({
      path,
      key,
      signed: async (challenge) => {
        const algorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
        const known = await crypto.subtle.importKey("raw", bytes(key), algorithm, false, ["verify"]);
        const text = new TextEncoder().encode(`${challenge}\n${location.host}`);
        return crypto.subtle.verify(algorithm, known, bytes(signature), text);
      },
      tell: (...events) => feed.enqueue(text.encode(events.join(""))),
      cut: () => feed.error(new TypeError("network error")),
    });
    return feeds?.() ?? new Response(stream);
  });
}

const event = (name: string, data: unknown, id = "") =>
  `${id && `id: ${id}\n`}event: ${name}\ndata: ${JSON.stringify(data)}\n\n`;

beforeEach(() => {
  vi.useFakeTimers();
  asked.length = 0;
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

test("the address's code lets the browser's key in once, which signs from then on", async () => {
  history.replaceState(null, "", "/?code=ABC");
  const enter = vi.fn(letsIn("first"));
  serving(enter);
  attached();
  await vi.waitFor(() => expect(asked).toHaveLength(1));
  expect(location.href).not.toContain("ABC");
  asked[0]?.cut();
  await vi.waitFor(() => expect(asked).toHaveLength(2));
  expect(enter).toHaveBeenCalledTimes(1);
  const key = asked[0]?.key;
  expect(asked.map((a) => a.key)).toEqual([key, key]);
  expect(await asked[0]?.signed("first")).toBe(true);
  // A page that is opened by the used address is this browser's all the same.
  history.replaceState(null, "", "/?code=ABC");
  serving();
  attached();
  await vi.waitFor(() => expect(asked).toHaveLength(3));
  expect(asked[2]?.key).toBe(key);
});

test("what was signed for one start of Callin is signed anew for the next", async () => {
  history.replaceState(null, "", "/?code=ABC");
  serving(letsIn("first"));
  attached();
  await vi.waitFor(() => expect(asked).toHaveLength(1));
  asked[0]?.cut();
  serving(undefined, refuses("second"));
  await vi.waitFor(() => expect(asked).toHaveLength(3));
  expect(await asked[1]?.signed("first")).toBe(true);
  expect(await asked[2]?.signed("second")).toBe(true);
});

test("a code that nobody has answered is tried again", async () => {
  history.replaceState(null, "", "/?code=ABC");
  const fetched = vi.fn(() => Promise.reject(new TypeError("refused")));
  vi.stubGlobal("fetch", fetched);
  attached();
  await vi.waitFor(() => expect(fetched).toHaveBeenCalled());
  serving(letsIn("first"));
  await vi.waitFor(() => expect(asked).toHaveLength(1));
  expect(await asked[0]?.signed("first")).toBe(true);
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
