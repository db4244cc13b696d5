/** A value that this browser remembers. */
export class Kept<T> {
  #value: T = $state() as T;
  readonly #key: string;
  readonly #first: T;
  readonly #storage: Storage;

  constructor(key: string, first: T, storage: Storage) {
    this.#key = key;
    this.#first = first;
    this.#storage = storage;
    this.#value = this.#read();
  }

  #read(): T {
    try {
      const text = this.#storage.getItem(this.#key);
      if (text !== null) return JSON.parse(text) as T;
    } catch {
      // Kept by something else, or the browser keeps nothing: the first value holds.
    }
    return this.#first;
  }

  /** What another page of this browser keeps holds here at once, too. */
  follow(): this {
    addEventListener("storage", ({ key, storageArea }) => {
      if (storageArea === this.#storage && (key === this.#key || key === null)) this.#value = this.#read();
    });
    return this;
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
