import { type Backend, type FeedState, type Listener, Refused, unanswered } from "./backend";
import type { Change, Picture, Refusal, StageNow } from "./contract";

/** How long an operation may take before the page stops waiting, in ms. */
const patience = 10_000;
/** The pauses before the feed is asked for again: first and longest, in ms. */
const firstPause = 250;
const longestPause = 2_000;

/** The browser's door: HTTP and server-sent events. */
export function httpBackend(): Backend {
  return { attach, operate };
}

const operate: Backend["operate"] = async (op, body) => {
  let response: Response;
  let answer: unknown;
  try {
    response = await fetch(`/api/op/${op}`, {
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
  return answer as never;
};

function isRefusal(answer: unknown): answer is Refusal {
  return typeof answer === "object" && answer !== null && "message" in answer && "code" in answer;
}

const attach: Backend["attach"] = (to: Listener) => {
  let source: EventSource | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let pause = firstPause;
  /** The id of the last event: the server's word for how far the page has come. */
  let last = "";
  let ended = false;

  // EventSource's own reconnecting differs between browsers and gives up after
  // some errors, so every break is mended here, in one way.
  function open() {
    source = new EventSource(last ? `/api/feed?from=${encodeURIComponent(last)}` : "/api/feed");
    source.addEventListener("open", () => {
      pause = firstPause;
      to.onState("live");
    });
    source.addEventListener("picture", (event) => {
      last = event.lastEventId;
      to.onPicture(JSON.parse(event.data) as Picture);
    });
    source.addEventListener("change", (event) => {
      last = event.lastEventId;
      to.onChange(JSON.parse(event.data) as Change);
    });
    source.addEventListener("stage", (event) => to.onStage(JSON.parse(event.data) as StageNow));
    source.addEventListener("error", broken);
  }

  async function broken() {
    source?.close();
    const state = await whyBroken();
    if (ended) return;
    to.onState(state);
    timer = setTimeout(open, pause);
    pause = Math.min(pause * 2, longestPause);
  }

  open();
  return () => {
    ended = true;
    clearTimeout(timer);
    source?.close();
  };
};

/** An EventSource does not tell a page the status that it was refused with. */
async function whyBroken(): Promise<FeedState> {
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), patience);
  try {
    const response = await fetch("/api/feed", { signal: stop.signal });
    return response.status === 401 ? "no_key" : "lost";
  } catch {
    return "lost";
  } finally {
    clearTimeout(timer);
    stop.abort();
  }
}
