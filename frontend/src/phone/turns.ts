/** How long after each other two lanes renew their tokens, in ms: with the new one the sound can fail for a second. */
const apart = 2_000;
/** How long those wait on which somebody is, in ms: all others have then had their turn. */
const usedLast = 20_000;
/** How long before its token ends a lane is told, in ms: six turns, and the used ones last. */
export const renewsBefore = 60_000;

const soon = (ms: number) => new Promise((done) => setTimeout(done, ms));

/** The turns in which lanes renew their tokens: one after the other, those on which nobody is first. */
export class Turns {
  #last: Promise<unknown> = Promise.resolve();

  /** Resolves when it is a lane's turn. */
  async turn(used: boolean): Promise<void> {
    if (used) await soon(usedLast);
    const mine = this.#last;
    this.#last = mine.then(() => soon(apart));
    await mine;
  }
}
