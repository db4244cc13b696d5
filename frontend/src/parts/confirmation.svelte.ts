import { settle } from "./hand";

/** What is done only by a second press, as it cannot be undone. */
export class Confirmation {
  /** What was pressed once and waits for its second press. */
  awaited = $state<string>();
  /** A second press would be no press of its own yet, but the first one, doubled. */
  early = $state(false);
  readonly #within: number | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #ripens: ReturnType<typeof setTimeout> | undefined;

  /** The second press is waited for within ms, or for as long as nothing else is pressed. */
  constructor(within?: number) {
    this.#within = within;
  }

  /** Whether this press is the second one for the same thing. */
  press(what: string): boolean {
    if (this.awaited === what && this.early) return false;
    clearTimeout(this.#timer);
    clearTimeout(this.#ripens);
    const sure = this.awaited === what;
    this.awaited = sure ? undefined : what;
    this.early = !sure;
    this.#ripens = setTimeout(() => {
      this.early = false;
    }, settle);
    if (this.#within !== undefined) {
      this.#timer = setTimeout(() => {
        this.awaited = undefined;
      }, this.#within);
    }
    return sure;
  }
}
