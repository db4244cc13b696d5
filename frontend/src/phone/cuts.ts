/**
 * Counts how often a sound is cut off and comes back: what packets that are lost on the way make of it. A word's end
 * fades, its beginning swells, and a stop within it is followed by a burst that is softer than the vowel.
 */

import { levelOf } from "./decibels";

/** What is softer than this, in dBFS, is nothing, a line without noise is not; what is louder is a voice, and no hiss of it. */
const nothing = -85;
const something = -36;
/** How long a cut is, in ms. */
const cut = { least: 15, most: 400 };
/** The ends next to a cut, and the pieces next to these, in ms; by how many dB an end may be softer than its piece. */
const near = 10;
const far = 30;
const fades = 5;

const mean = (powers: number[]) => powers.reduce((all, one) => all + one, 0) / powers.length;

export class Cuts {
  /** How many there have been since they were taken. */
  count = 0;
  /** The last powers, of 1 ms each, without those of the silence. */
  #before: number[] = [];
  /** How long there has been nothing, in ms; undefined while it is not known whether that is a cut. */
  #gone = 0;
  #wasCut = false;
  /** What has come since. */
  #after: number[] | undefined;

  /** Takes in the power of 1 ms. */
  push(power: number) {
    if (levelOf(power) < nothing) {
      this.#after = undefined;
      if (this.#gone++ === 0) this.#wasCut = isFull([...this.#before].reverse());
      return;
    }
    if (this.#gone > 0) {
      const cutOff = this.#wasCut && this.#gone >= cut.least && this.#gone <= cut.most;
      this.#after = cutOff ? [] : undefined;
      this.#gone = 0;
    }
    this.#before = [...this.#before.slice(1 - far), power];
    if (!this.#after) return;
    this.#after.push(power);
    if (this.#after.length < far) return;
    if (isFull(this.#after)) this.count++;
    this.#after = undefined;
  }
}

/** Whether a sound is as loud at its end, which comes first, as it is elsewhere. */
function isFull(powers: number[]): boolean {
  const end = levelOf(mean(powers.slice(0, near)));
  return powers.length >= far && end > something && end > levelOf(mean(powers.slice(near))) - fades;
}
