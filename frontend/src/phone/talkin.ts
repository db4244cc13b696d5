import { type Chosen, Player } from "./strip";

/** What desks say to the host alone: it comes into no mix, and plays where the cue does. */
export class TalkIn {
  readonly #player: Player;
  /** Chromium gives a remote stream's sound to nobody unless an element plays it. */
  readonly #plays = new Audio();
  #device: Chosen;
  #hears = false;
  /** One change follows the other: an output that is ended while it begins can fail, as if its device were gone. */
  #played = Promise.resolve();

  /** onLost is told of an output whose device goes. */
  constructor(onLost: (device: string) => void) {
    this.#player = new Player(onLost);
    this.#plays.muted = true;
  }

  /** Takes in the sound of the call by which they talk; without one no output is open. */
  hear(stream: MediaStream | undefined): Promise<void> {
    this.#hears = stream !== undefined;
    this.#player.hear(stream);
    this.#plays.srcObject = stream ?? null;
    if (stream) void this.#plays.play().catch(() => {}); // it waits for a press; its output does too
    return this.play(this.#device);
  }

  play(device: Chosen): Promise<void> {
    this.#device = device;
    const next = () => this.#player.play(this.#hears ? this.#device : undefined);
    this.#played = this.#played.then(next, next);
    return this.#played;
  }

  end() {
    this.#player.end();
  }
}
