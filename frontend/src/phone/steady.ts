/** A judgement that changes only once its successor has been found again and again: a light that does not flicker. */
export class Steady<T> {
  #is: T;
  #next: T;
  #found = 0;
  readonly #needs: (from: T, to: T) => number;

  /** needs says how many times in turn another one must be found before it holds. */
  constructor(first: T, needs: (from: T, to: T) => number) {
    this.#is = this.#next = first;
    this.#needs = needs;
  }

  get value(): T {
    return this.#is;
  }

  find(one: T): T {
    this.#found = one === this.#next ? this.#found + 1 : 1;
    this.#next = one;
    if (this.#found >= this.#needs(this.#is, one)) this.#is = one;
    return this.#is;
  }
}
