import { type Backend, type FeedState, type Listener, Refused, unanswered } from "./backend";
import type { Change, Picture, Refusal, StageNow } from "./contract";
import { forgetKey } from "./key";
import { ask } from "./session";

/** How long an operation may take before the page stops waiting, in ms. */
const patience = 10_000;
/** The pauses before the feed is asked for again: first and longest, in ms. */
const firstPause = 250;
const longestPause = 2_000;

/** The browser's door: HTTP and server-sent events. */
export function httpBackend(): Backend {
  return { attach, operate, file };
}

const file: Backend["file"] = async (path) => {
  try {
    const response = await ask(path);
    if (!response.ok) throw new Refused((await response.json()) as Refusal);
    const name = response.headers.get("Content-Disposition")?.match(/filename="([^"]*)"/)?.[1] ?? "";
    return new File([await response.blob()], name);
  } catch (error) {
    throw error instanceof Refused ? error : new Refused(unanswered);
  }
};

const operate: Backend["operate"] = async (op, body) => {
  let response: Response;
  let answer: unknown;
  try {
    response = await ask(`/api/op/${op}`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(patience),
    });
    answer = await response.json();
  } catch {
    throw new Refused(unanswered);
  }
  if (!response.ok) throw new Refused(isRefusal(answer) ? answer : unanswered);
  if (op === "signOut") await forgetKey();
  return answer as never;
};

function isRefusal(answer: unknown): answer is Refusal {
  return typeof answer === "object" && answer !== null && "message" in answer && "code" in answer;
}

const attach: Backend["attach"] = (to: Listener) => {
  const stop = new AbortController();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let pause = firstPause;
  /** The id of the last event: the server's word for how far the page has come. */
  let last = "";

  // An EventSource sends no headers, and gives up after some errors.
  async function open() {
    const state = await read().catch((): FeedState => "lost");
    if (stop.signal.aborted) return;
    to.onState(state);
    timer = setTimeout(open, pause);
    pause = Math.min(pause * 2, longestPause);
  }

  /** Reads the feed until it breaks, and returns what the page then is. */
  async function read(): Promise<FeedState> {
    const path = last ? `/api/feed?from=${encodeURIComponent(last)}` : "/api/feed";
    const response = await ask(path, { signal: stop.signal });
    if (!response.ok || !response.body) return response.status === 401 ? "no_key" : "lost";
    pause = firstPause;
    to.onState("live");
    const reader = response.body.getReader();
    const decoder = new TextDecoder();
    let text = "";
    for (;;) {
      const { done, value } = await reader.read();
      if (done || stop.signal.aborted) return "lost";
      text += decoder.decode(value, { stream: true });
      const events = text.split("\n\n");
      text = events.pop() ?? "";
      for (const event of events) hear(event);
    }
  }

  function hear(event: string) {
    const fields = new Map<string, string>();
    for (const line of event.split("\n")) {
      const colon = line.indexOf(": ");
      if (colon > 0) fields.set(line.slice(0, colon), line.slice(colon + 2));
    }
    last = fields.get("id") ?? last;
    const data = fields.get("data") ?? "null";
    switch (fields.get("event")) {
      case "picture":
        return to.onPicture(JSON.parse(data) as Picture);
      case "change":
        return to.onChange(JSON.parse(data) as Change);
      case "stage":
        return to.onStage(JSON.parse(data) as StageNow);
    }
  }

  void open();
  return () => {
    stop.abort();
    clearTimeout(timer);
  };
};
