import { keepKey, newKey, ownKey, shown, signed } from "./key";

/** The header in which each start of Callin says what it wants signed. */
const header = "Callin-Challenge";
let challenge = "";

/**
 * Asks Callin as a browser that was let in, or that its address lets in first. What goes along is
 * of use to this start of Callin only: one that was started anew is asked once more.
 */
export async function ask(path: string, init: RequestInit = {}): Promise<Response> {
  await entered();
  const answered = challenge;
  const response = await asked(path, init, answered);
  if (response.status !== 401 || challenge === answered) return response;
  void response.body?.cancel(); // or it may hold a connection
  return asked(path, init, challenge);
}

async function asked(path: string, init: RequestInit, answered: string): Promise<Response> {
  const headers = new Headers(init.headers);
  const key = answered && (await ownKey());
  if (key)
    headers.set(
      "Authorization",
      `Callin ${await shown(key)} ${await signed(key, `${answered}\n${location.host}`)}`,
    );
  return heard(await fetch(path, { ...init, headers }));
}

function heard(response: Response): Response {
  challenge = response.headers.get(header) ?? challenge;
  return response;
}

/** Waits until the code in the page's address, if it has one, was used; throws when Callin does not answer. */
export function entered(): Promise<void> {
  entering ??= enter().finally(() => {
    entering = undefined;
  });
  return entering;
}

let entering: Promise<void> | undefined;
/** How long Callin may take to let a browser in, in ms. */
const patience = 10_000;

/**
 * Has this browser's new key let in by the code in the page's address, which can be used once. What
 * Callin has not answered is left in the address for the next try.
 */
async function enter(): Promise<void> {
  const address = new URL(location.href);
  const code = address.searchParams.get("code");
  if (!code) return;
  const key = await newKey();
  const response = await fetch("/api/session", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ code, key: await shown(key) }),
    signal: AbortSignal.timeout(patience),
  });
  if (heard(response).ok) await keepKey(key);
  // A code that was used before may be this browser's own, of a page that was reloaded.
  address.searchParams.delete("code");
  history.replaceState(history.state, "", address);
}
