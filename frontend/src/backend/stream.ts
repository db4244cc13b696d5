import { ask } from "./session";

/** One event of the feed, as it came. */
export interface FeedEvent {
  name: string;
  /** The server's word for how far the feed has come; empty when the event is not numbered. */
  id: string;
  /** JSON. */
  data: string;
}

export interface Hearer {
  onOpen(): void;
  onEvent(event: FeedEvent): void;
  /** Callin says so when there has been no event for a while. */
  onStillHere?(): void;
}

/**
 * Reads the feed after the event `from`, or from a picture on, until it breaks, and returns why.
 * An EventSource sends no headers, and gives up after some errors.
 */
export async function readFeed(
  from: string,
  signal: AbortSignal,
  to: Hearer,
): Promise<"lost" | "no_key" | "no_session"> {
  const response = await ask(from ? `/api/feed?from=${encodeURIComponent(from)}` : "/api/feed", { signal });
  if (response.status === 401) return (await isNoSession(response)) ? "no_session" : "no_key";
  if (!response.ok || !response.body) return "lost";
  to.onOpen();
  const reader = response.body.getReader();
  const decoder = new TextDecoder();
  let text = "";
  for (;;) {
    const { done, value } = await reader.read();
    if (done || signal.aborted) return "lost";
    text += decoder.decode(value, { stream: true });
    const blocks = text.split("\n\n");
    text = blocks.pop() ?? "";
    for (const block of blocks) {
      if (signal.aborted) return "lost";
      const event = parsed(block);
      if (event.name) to.onEvent(event);
      else to.onStillHere?.();
    }
  }
}

/** Whether it is a station's door that wants a code. */
async function isNoSession(response: Response): Promise<boolean> {
  const refusal = (await response.json().catch(() => undefined)) as { code?: string } | undefined;
  return refusal?.code === "no_session";
}

function parsed(block: string): FeedEvent {
  const fields = new Map<string, string>();
  for (const line of block.split("\n")) {
    const colon = line.indexOf(": ");
    if (colon > 0) fields.set(line.slice(0, colon), line.slice(colon + 2));
  }
  return { name: fields.get("event") ?? "", id: fields.get("id") ?? "", data: fields.get("data") ?? "null" };
}

/** Whether who has heard all up to the event `last` misses nothing before one that comes after `after`. */
export function follows(last: string, after: string): boolean {
  const [heard, before] = [place(last), place(after)];
  return last !== "" && heard.run === before.run && before.at <= heard.at;
}

/** An id is a run of Callin and a number in it. */
function place(id: string): { run: string; at: number } {
  const dash = id.lastIndexOf("-");
  return { run: id.slice(0, dash), at: Number(id.slice(dash + 1)) };
}
