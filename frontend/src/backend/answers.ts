/** How long the page's address is left alone between two tries, in ms. */
const pause = 500;
/** How long a try may take, in ms. */
const patience = 5_000;

/** Waits until the page's address answers, whatever it says: before that the browser would show a page of its own there. */
export async function answers(): Promise<void> {
  for (;;) {
    try {
      const { body } = await fetch("/", { cache: "no-store", signal: AbortSignal.timeout(patience) });
      void body?.cancel(); // or it may hold a connection
      return;
    } catch {
      await new Promise((again) => setTimeout(again, pause));
    }
  }
}
