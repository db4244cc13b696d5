/** Where the proof that this browser was let in is kept: the storage is this address's own, and cookies are not. */
const kept = "callin-proof";
/** The proof, where the browser keeps nothing. */
let unkept = "";

function proof(): string {
  try {
    return localStorage.getItem(kept) ?? unkept;
  } catch {
    return unkept;
  }
}

/** Asks Callin as a browser that was let in, or that its address lets in first. */
export async function ask(path: string, init: RequestInit = {}): Promise<Response> {
  entering ??= enter().finally(() => {
    entering = undefined;
  });
  await entering;
  return fetch(path, { ...init, headers: { ...init.headers, Authorization: `Bearer ${proof()}` } });
}

let entering: Promise<void> | undefined;
/** How long Callin may take to let a browser in, in ms. */
const patience = 10_000;

/**
 * Exchanges the code in the page's address, which can be used once, for a proof. What Callin has
 * not answered is left in the address for the next try.
 */
async function enter(): Promise<void> {
  const address = new URL(location.href);
  const code = address.searchParams.get("code");
  if (!code) return;
  const response = await fetch("/api/session", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ code }),
    signal: AbortSignal.timeout(patience),
  });
  if (response.ok) {
    unkept = ((await response.json()) as { proof: string }).proof;
    try {
      localStorage.setItem(kept, unkept);
    } catch {
      // A browser that keeps nothing: the proof holds until the page is closed.
    }
  }
  // A code that was used before may be this browser's own, of a page that was reloaded.
  address.searchParams.delete("code");
  history.replaceState(history.state, "", address);
}
