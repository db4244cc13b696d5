import { unanswered } from "./backend";
import type { Refusal } from "./contract";

/** How long the station's door may take, in ms. */
const patience = 10_000;

/** What a station's door says of the station to anybody; undefined when it does not answer. */
export async function stationAtTheDoor(): Promise<{ name: string; rehearsal: boolean } | undefined> {
  try {
    const response = await fetch("/api/station", { signal: AbortSignal.timeout(patience) });
    return response.ok ? await response.json() : undefined;
  } catch {
    return undefined;
  }
}

/** Makes this browser a desk of the station by a code; why it is none, in words, if it was refused. */
export async function pair(code: string): Promise<string | undefined> {
  try {
    const response = await fetch("/api/pair", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ code, kind: "browser" }),
      signal: AbortSignal.timeout(patience),
    });
    if (response.ok) return undefined;
    return ((await response.json()) as Refusal).message;
  } catch {
    return unanswered.message;
  }
}
