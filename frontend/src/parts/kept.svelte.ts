/** A value that this browser remembers. */
export class Kept<T> {
  #value: T = $state() as T;
  readonly #key: string;
  readonly #storage: Storage;

  constructor(key: string, first: T, storage: Storage) {
    this.#key = key;
    this.#storage = storage;
    this.#value = first;
    try {
      const text = storage.getItem(key);
      if (text !== null) this.#value = JSON.parse(text) as T;
    } catch {
      // Kept by something else, or the browser keeps nothing: the first value holds.
    }
  }

  get value(): T {
    return this.#value;
  }

  set value(value: T) {
    this.#value = value;
    try {
      this.#storage.setItem(this.#key, JSON.stringify(value));
    } catch {
      // A browser that keeps nothing: the value holds until the page is closed.
    }
  }
}

export const kept = <T>(key: string, first: T, storage: Storage = localStorage) =>
  new Kept(key, first, storage);
