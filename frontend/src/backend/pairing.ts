import { isRefusal } from "./backend";

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

/** Why a browser was not made a desk, in words, and whether it was the station that said no to the code. */
export interface NotPaired {
  why: string;
  refused: boolean;
}

/** Makes this browser a desk of the station by a code; nothing comes back when it is one. */
export async function pair(code: string): Promise<NotPaired | undefined> {
  let response: Response;
  try {
    response = await fetch("/api/pair", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ code, kind: "browser" }),
      signal: AbortSignal.timeout(patience),
    });
  } catch {
    return {
      why: "The station did not answer. Try the code again; if it is refused then, ask for a new one.",
      refused: false,
    };
  }
  const answer: unknown = await response.json().catch(() => undefined);
  if (response.ok && isDesk(answer)) return undefined;
  if (!response.ok && isRefusal(answer)) return { why: answer.message, refused: true };
  return {
    why: `Something else than the station has answered (HTTP ${response.status}): a proxy, or another program at its address. Try again in a moment; if it stays so, tell whoever looks after the station.`,
    refused: false,
  };
}

/** Whether an answer says which desk the browser now is. */
const isDesk = (answer: unknown): boolean =>
  typeof answer === "object" && answer !== null && "desk" in answer && typeof answer.desk === "object";
