import { type Echo, EchoJudge, type Ways } from "./echo";

/** What comes back on each lane. Who is sent back by another lane's telephone hears themselves, and theirs is not wrong. */
export class Echoes {
  #all = $state.raw<Echo[]>([]);
  readonly #judges: EchoJudge[] = [];

  at = (lane: number): Echo => this.#all[lane] ?? "none";

  /** Takes in what was measured of a lane's two ways. */
  push(lane: number, measured: Ways[]) {
    for (const one of measured) this.judged(lane, this.#judges[lane]?.push(one));
  }

  judged(lane: number, echo: Echo | undefined) {
    if (!echo || echo === this.#all[lane]) return;
    const others = [...this.#all.keys()].filter((other) => other !== lane);
    if (echo === "self" && others.some(this.#sendsBack)) return this.begin(lane);
    const all = [...this.#all];
    all[lane] = echo;
    this.#all = all;
    if (!this.#sendsBack(lane)) return;
    for (const other of others) if (all[other] === "self") this.begin(other);
  }

  #sendsBack = (lane: number): boolean => this.#all[lane] === "echo" || this.#all[lane] === "howl";

  /** Judges a lane anew: what was learnt says nothing any more. */
  begin(lane: number) {
    this.#judges[lane] = new EchoJudge();
    this.judged(lane, "none");
  }

  /** Nobody is on a lane any more: with who sent back what they heard goes what the others heard of themselves. */
  left(lane: number) {
    if (!this.#sendsBack(lane)) return;
    for (const other of this.#judges.keys()) if (other === lane || !this.#sendsBack(other)) this.begin(other);
  }
}
