import { type Backend, isRefusal, Refused, type TracksKept, unanswered } from "./backend";
import type { Bodies, Operation, Refusal, Result } from "./contract";
import { Feed } from "./feed";
import { forgetKey } from "./key";
import { ask } from "./session";

/** How long an operation may take before the page stops waiting, in ms; the set-up, the doctor and the costs ask Twilio many things. */
const patience = (op: Operation) =>
  op.startsWith("setup") || op === "doctor" || op === "costs" ? 90_000 : 10_000;

/** How long a second of sound may take on its way, in ms. */
const trackPatience = 10_000;

/** The browser's door: HTTP and server-sent events. */
export function httpBackend(): Backend {
  const backend: Backend = {
    studio: "",
    attach,
    operate: (op, body) => operate(backend.studio, op, body),
    file: (path) => file(backend.studio, path),
    track: (studio, chunk) =>
      posted(studio, "/api/tracks", "application/octet-stream", chunk, trackPatience) as Promise<TracksKept>,
  };
  return backend;
}

const attach: Backend["attach"] = (to) => {
  const feed = new Feed(to);
  return () => feed.end();
};

/** The header that names the studio that something is asked of. */
const of = (studio: string) => ({ "Callin-Studio": studio });

async function file(studio: string, path: string): Promise<File> {
  try {
    const response = await ask(path, { headers: of(studio) });
    if (!response.ok) throw new Refused((await response.json()) as Refusal);
    const name = response.headers.get("Content-Disposition")?.match(/filename="([^"]*)"/)?.[1] ?? "";
    return new File([await response.blob()], name);
  } catch (error) {
    throw error instanceof Refused ? error : new Refused(unanswered);
  }
}

async function operate<O extends Operation>(studio: string, op: O, body: Bodies[O]): Promise<Result<O>> {
  const answer = await posted(
    studio,
    `/api/op/${op}`,
    "application/json",
    JSON.stringify(body),
    patience(op),
  );
  if (op === "signOut") await forgetKey();
  return answer as never;
}

/** What Callin answers to something that is sent, within so many ms. */
async function posted(studio: string, path: string, type: string, body: BodyInit, within: number) {
  let response: Response;
  let answer: unknown;
  try {
    response = await ask(path, {
      method: "POST",
      headers: { "Content-Type": type, ...of(studio) },
      body,
      signal: AbortSignal.timeout(within),
    });
    answer = await response.json();
  } catch {
    throw new Refused(unanswered);
  }
  if (!response.ok) throw new Refused(isRefusal(answer) ? answer : unanswered);
  return answer;
}
