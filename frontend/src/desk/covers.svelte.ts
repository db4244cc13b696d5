/** Where the desk's messages are seen and heard: a dialog that covers it lets nothing behind it be either. */
export class Covers {
  /** The number of the place on top: 0 is the desk itself. */
  readonly top = $derived.by(() => this.#open.at(-1) ?? 0);
  #open = $state.raw<number[]>([]);
  #last = 0;

  /** A number for a place that will be on top. */
  number = (): number => ++this.#last;

  /** The place is on top, until the returned function is called. */
  open(place: number): () => void {
    this.#open = [...this.#open, place];
    return () => {
      this.#open = this.#open.filter((open) => open !== place);
    };
  }
}

/** Tells of the alerts that come in the part of the page behind a dialog, where nobody sees or hears them. */
export function alertsBehind(tell: (words: string) => void): () => void {
  const behind = document.querySelector("main");
  if (!behind) return () => {};
  const watch = new MutationObserver((changes) => {
    const alerts = new Set<Element>();
    for (const { target, addedNodes } of changes)
      for (const node of [target, ...addedNodes]) {
        const at = node instanceof Element ? node : node.parentElement;
        const inner = node === target ? [] : (at?.querySelectorAll("[role=alert]") ?? []);
        for (const alert of [at?.closest("[role=alert]"), ...inner]) if (alert) alerts.add(alert);
      }
    for (const alert of alerts) {
      const words = (alert.querySelector("p") ?? alert).textContent.replace("▲", "").trim();
      if (alert.isConnected && words) tell(words);
    }
  });
  watch.observe(behind, { childList: true, characterData: true, subtree: true });
  return () => watch.disconnect();
}
