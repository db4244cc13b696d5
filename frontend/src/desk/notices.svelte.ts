/** Sentences for whoever is at the desk now. */
export interface Notice {
  id: number;
  text: string;
  /** refused: an operation was not done. answered: somebody asked. alert: it cannot wait. */
  kind: "told" | "refused" | "answered" | "alert";
  /** Whether it is still true. One that only tells what has happened always is. */
  still: () => boolean;
}

/** How long a notice stays, in ms, and how many are shown at most. */
const stay = 12_000;
const most = 3;

export class Notices {
  list = $state.raw<Notice[]>([]);
  #last = 0;
  readonly #say: (text: string, kind: Notice["kind"]) => void;

  /** say is how those are told who do not see it. */
  constructor(say: (text: string, kind: Notice["kind"]) => void = () => {}) {
    this.#say = say;
  }

  tell(text: string, kind: Notice["kind"] = "told", still: Notice["still"] = () => true) {
    const id = ++this.#last;
    // Pressing again and being refused again is one notice, shown anew.
    const others = this.list.filter((n) => n.text !== text);
    // A press is always answered; what nobody pressed for is said once while it stands.
    const asked = kind === "refused" || kind === "answered";
    if (asked || others.length === this.list.length) this.#say(text, kind);
    this.list = [...others, { id, text, kind, still }].slice(-most);
    setTimeout(() => this.dismiss(id), stay);
  }

  /** Dismisses those that are true no more. */
  review() {
    if (!this.list.every((n) => n.still())) this.list = this.list.filter((n) => n.still());
  }

  dismiss(id: number) {
    this.list = this.list.filter((n) => n.id !== id);
  }

  /** Dismisses the oldest one; false when there is none. */
  dismissOldest(): boolean {
    const [oldest, ...rest] = this.list;
    this.list = rest;
    return oldest !== undefined;
  }
}
