import { type Chosen, Player } from "./strip";

/** What desks say to the host alone: it comes into no mix, and plays where the cue does. */
export class TalkIn {
  readonly #player: Player;
  /** Chromium gives a remote stream's sound to nobody unless an element plays it. */
  readonly #plays = new Audio();
  #device: Chosen;
  #hears = false;

  /** onLost is told of an output whose device goes. */
  constructor(onLost: (device: string) => void) {
    this.#player = new Player(onLost);
    this.#plays.muted = true;
  }

  /** Takes in the sound of the call by which they talk; without one no output is open. */
  async hear(stream: MediaStream | undefined) {
    this.#hears = stream !== undefined;
    this.#player.hear(stream);
    this.#plays.srcObject = stream ?? null;
    if (stream) void this.#plays.play().catch(() => {}); // it waits for a press; its output does too
    await this.play(this.#device);
  }

  async play(device: Chosen) {
    this.#device = device;
    await this.#player.play(this.#hears ? device : undefined);
  }

  end() {
    this.#player.end();
  }
}
