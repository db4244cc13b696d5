/** Sentences for whoever is at the desk now. */
export interface Notice {
  id: number;
  text: string;
  /** refused: an operation was not done. answered: somebody asked. alert: it cannot wait. */
  kind: "told" | "refused" | "answered" | "alert";
  /** Whether it is still true. One that only tells what has happened always is. */
  still: () => boolean;
  /** Whether it could not be read yet. */
  young: boolean;
}

/** How long a notice stays, in ms, also if it is true no more, and how many are shown at most. */
const stay = 12_000;
const least = 3_000;
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
    const notice = { id, text, kind, still, young: true };
    this.list = [...others, notice].slice(-most);
    setTimeout(() => {
      notice.young = false;
      this.review();
    }, least);
    setTimeout(() => this.dismiss(id), stay);
  }

  /** Dismisses those that are true no more, once they could be read. */
  review() {
    const stays = this.list.filter((n) => n.young || n.still());
    if (stays.length < this.list.length) this.list = stays;
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
