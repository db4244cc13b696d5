/**
 * This browser's key. Its private half cannot be read by any page, not even by one that another
 * program serves at this address while Callin is down. All tabs share it: it is in the storage of
 * this address, and cookies, which go to every port, are not.
 */
const database = "callin";
const store = "key";
const only = 0;
const algorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
/** The key, where the browser keeps nothing: it holds until the page is closed. */
let unkept: CryptoKeyPair | undefined;

/** A new key, which is nobody's until it is kept. */
export const newKey = (): Promise<CryptoKeyPair> => crypto.subtle.generateKey(algorithm, false, ["sign"]);

/** This browser's key, if it has one. */
export async function ownKey(): Promise<CryptoKeyPair | undefined> {
  try {
    const kept = await within<CryptoKeyPair | undefined>("readonly", (keys) => keys.get(only));
    return kept ?? unkept;
  } catch {
    return unkept;
  }
}

/** Whether this page has a key that no other page has: a browser that keeps nothing. */
export const isUnkept = (): boolean => unkept !== undefined;

export async function keepKey(key: CryptoKeyPair) {
  try {
    await within("readwrite", (keys) => keys.put(key, only));
  } catch {
    unkept = key;
  }
}

/** Forgets the key, in all tabs. */
export async function forgetKey() {
  unkept = undefined;
  try {
    await within("readwrite", (keys) => keys.delete(only));
  } catch {
    // There is none in a browser that keeps nothing.
  }
}

/** The public half, as Callin reads it. */
export const shown = async (key: CryptoKeyPair): Promise<string> =>
  hex(await crypto.subtle.exportKey("raw", key.publicKey));

export const signed = async (key: CryptoKeyPair, text: string): Promise<string> =>
  hex(await crypto.subtle.sign(algorithm, key.privateKey, new TextEncoder().encode(text)));

const hex = (bytes: ArrayBuffer): string =>
  Array.from(new Uint8Array(bytes), (byte) => byte.toString(16).padStart(2, "0")).join("");

/** Does one thing to what is kept. */
async function within<T>(mode: IDBTransactionMode, act: (keys: IDBObjectStore) => IDBRequest<T>): Promise<T> {
  const opening = indexedDB.open(database);
  opening.onupgradeneeded = () => opening.result.createObjectStore(store);
  const kept = await result(opening);
  try {
    return await result(act(kept.transaction(store, mode).objectStore(store)));
  } finally {
    kept.close();
  }
}

const result = <T>(request: IDBRequest<T>): Promise<T> =>
  new Promise((done, failed) => {
    request.onsuccess = () => done(request.result);
    request.onerror = () => failed(request.error);
  });
