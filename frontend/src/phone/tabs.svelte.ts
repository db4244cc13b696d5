/** What the page that has the phone tells the others of this browser. */
export interface Told {
  /** The phone's CallSid. */
  leg: string;
  muted: boolean;
}

type Message = { told: Told } | { who: true } | { mute: boolean; leg: string };

/**
 * The pages of one browser, so that all of them show and change one mute. Pages
 * in other browsers and on other computers are not reached.
 */
export class Tabs {
  /** What the page with the phone said last; pages that have closed say nothing more. */
  told = $state.raw<Told>();
  readonly #channel = new BroadcastChannel("callin.phone");
  #mine: Told | undefined;

  /** onMute is asked to mute or unmute this page's phone; onTold hears of another page's. */
  constructor(onMute: (on: boolean) => void, onTold: (told: Told) => void) {
    this.#channel.onmessage = ({ data }: MessageEvent<Message>) => {
      if ("told" in data) {
        this.told = data.told;
        onTold(data.told);
      } else if ("who" in data) {
        if (this.#mine) this.#post({ told: this.#mine });
      } else if (data.leg === this.#mine?.leg) onMute(data.mute);
    };
    this.#post({ who: true });
  }

  /** Tells how this page's phone stands; nothing when it has none. */
  tell(mine: Told | undefined) {
    const same = mine?.leg === this.#mine?.leg && mine?.muted === this.#mine?.muted;
    this.#mine = mine;
    if (mine && !same) this.#post({ told: mine });
  }

  /** Asks the page whose phone that is. */
  mute(leg: string, on: boolean) {
    this.#post({ mute: on, leg });
  }

  #post(message: Message) {
    this.#channel.postMessage(message);
  }
}
