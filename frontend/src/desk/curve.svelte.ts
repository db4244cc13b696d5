import { type Backend, Refused } from "../backend/backend";
import type { CurvePoint } from "../backend/contract";

/** The time between two points that the page adds, in ms. */
const pace = 3_000;
/** Over more than this, in ms, nothing is known: the computer slept, or its clock was put. */
const gap = 30_000;
/** With more points than these the curve is read anew, which makes few of many. */
const most = 3_000;

/** The queue over the last show: read once, and gone on with by what this page sees. */
export class QueueCurve {
  points = $state.raw<CurvePoint[]>([]);
  /** How many waited at once at most, and since when. */
  peak = $state.raw({ waiting: 0, at: 0 });
  /** Why there is none. */
  trouble = $state("");
  #reading = false;
  #readAt = Number.NEGATIVE_INFINITY;
  readonly #backend: Backend;

  constructor(backend: Backend) {
    this.#backend = backend;
  }

  async read() {
    if (this.#reading) return;
    this.#reading = true;
    this.#readAt = performance.now();
    try {
      const show = (await this.#backend.operate("shows", {})).shows[0]?.show;
      if (show === undefined) this.trouble = "No show has been opened yet.";
      else {
        const { points, mostWaiting, mostAt } = await this.#backend.operate("curve", { show });
        this.points = points;
        this.peak = { waiting: mostWaiting, at: mostAt };
        this.trouble = "";
      }
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      this.trouble = error.message;
    } finally {
      this.#reading = false;
    }
  }

  /** Goes on with how it is now, in an open show. */
  add(now: CurvePoint) {
    const last = this.points.at(-1);
    if (!last) return;
    if (now.waiting > this.peak.waiting) this.peak = { waiting: now.waiting, at: now.at };
    const passed = now.at - last.at;
    if (Math.abs(passed) > gap || this.points.length > most) {
      if (performance.now() - this.#readAt > gap) void this.read();
    } else if (passed >= pace) this.points = [...this.points, now];
  }
}
