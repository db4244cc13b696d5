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
export function alertsBehind(tell: (words: string) => void) {
  let held = false;
  const say = (alert: Element) => {
    const words = (alert.querySelector("p") ?? alert).textContent.replace("▲", "").trim();
    if (alert.isConnected && alert.closest("main") && words && !held) tell(words);
  };
  const watch = new MutationObserver((changes) => {
    const alerts = new Set<Element>();
    for (const { target, addedNodes } of changes)
      for (const node of [target, ...addedNodes]) {
        const at = node instanceof Element ? node : node.parentElement;
        const inner = node === target ? [] : (at?.querySelectorAll("[role=alert]") ?? []);
        for (const alert of [at?.closest("[role=alert]"), ...inner]) if (alert) alerts.add(alert);
      }
    for (const alert of alerts) say(alert);
  });
  // The room behind may come after the dialog: on a page that is loaded anew.
  watch.observe(document.body, { childList: true, characterData: true, subtree: true });
  return {
    stop: () => watch.disconnect(),
    /** Holds them back, or tells of those that still stand. */
    hold: (on: boolean) => {
      const released = held && !on;
      held = on;
      if (released) for (const alert of document.querySelectorAll("main [role=alert]")) say(alert);
    },
  };
}
