import { type FeedState, type Listener, throughStation } from "./backend";
import type { Change, Picture, StageNow, StationNow, UpdateNow } from "./contract";
import { isUnkept } from "./key";
import { entered } from "./session";
import { type FeedEvent, follows, readFeed } from "./stream";

/** The pauses before the feed is asked for again: first and longest, in ms. */
const firstPause = 250;
const longestPause = 2_000;
/** The name of the lock that the reading page has, and of the channel that it tells the others by. */
const shared = "callin.feed";
/** For how many ticks of a second the reading page may say nothing: Callin's own signs are 10 s apart. */
const mostSilence: Record<FeedState, number> = { live: 15, lost: 5, no_key: 5, no_session: 5, ended: 5 };

/** An event that the reading page heard, and the last numbered one before it. */
interface Told {
  event: FeedEvent;
  after: string;
}

/** What the reading page tells the others of this browser. */
type Word = Told | { state: FeedState } | "still here";

/**
 * One page's feed. A browser allows six connections to a host, so of all its pages one has the
 * stream, which is the one that has the lock, and tells the others what comes. A page that has
 * missed something, as one that is just opened has, asks Callin for a picture of its own.
 */
export class Feed {
  readonly #to: Listener;
  readonly #stop = new AbortController();
  #channel: BroadcastChannel | undefined;
  /** How the stream from this computer's Callin is. */
  #state: FeedState | undefined;
  /** The station that it goes on to, if that is elsewhere. */
  #station: StationNow | undefined;
  /** What the page was told last. */
  #shown: string | undefined;
  /** The id of the last event that this page has heard. */
  #last = "";
  /** Ends this page's turn with the stream, or its wait for one. */
  #turn = new AbortController();
  #steals = false;
  #reads = false;
  /** While this page asks for a picture of its own: what the others heard meanwhile. */
  #missed: Told[] | undefined;
  #catching = new AbortController();
  #silence = 0;

  constructor(to: Listener) {
    this.#to = to;
    void this.#begin();
  }

  end() {
    this.#stop.abort();
    this.#turn.abort();
    this.#catching.abort();
    this.#channel?.close();
  }

  async #begin() {
    await entered().catch(() => {}); // tried again by whatever is asked next
    if (this.#stop.signal.aborted) return;
    // A key that this page alone has opens nothing to the others.
    if (!navigator.locks || isUnkept()) return this.#read(this.#stop.signal);
    const channel = new BroadcastChannel(shared);
    channel.onmessage = ({ data }: MessageEvent<Word>) => this.#told(data);
    this.#channel = channel;
    const ticks = setInterval(() => this.#tick(), 1_000);
    this.#stop.signal.addEventListener("abort", () => clearInterval(ticks));
    await navigator.locks
      .request(shared, { ifAvailable: true }, (lock) => {
        if (lock) return this.#lead(this.#turn);
        void this.#catchUp([]);
        return undefined;
      })
      .catch(() => {}); // another page has taken the turn
    await this.#takeTurns();
  }

  // --- this page reads

  async #takeTurns() {
    while (!this.#stop.signal.aborted) {
      this.#turn.abort();
      this.#turn = new AbortController();
      this.#reads = false;
      this.#silence = 0;
      const turn = this.#turn;
      const how = this.#steals ? { steal: true } : { signal: turn.signal };
      this.#steals = false;
      // It throws when another page takes the turn, and when this one no longer waits for it.
      await navigator.locks.request(shared, how, () => this.#lead(turn)).catch(() => {});
    }
  }

  async #lead(turn: AbortController) {
    if (this.#missed) this.#last = "";
    this.#missed = undefined;
    this.#catching.abort();
    this.#reads = true;
    await this.#read(turn.signal);
  }

  /** Keeps the stream going until the signal. */
  async #read(signal: AbortSignal) {
    let pause = firstPause;
    while (!signal.aborted) {
      const state = await readFeed(this.#last, signal, {
        onOpen: () => {
          pause = firstPause;
          this.#say("live");
        },
        onEvent: (event) => {
          this.#channel?.postMessage({ event, after: this.#last } satisfies Word);
          this.#hear(event);
        },
        onStillHere: () => this.#channel?.postMessage("still here" satisfies Word),
      }).catch((): FeedState => "lost");
      if (signal.aborted) return;
      this.#say(state);
      await paused(pause, signal);
      pause = Math.min(pause * 2, longestPause);
    }
  }

  #say(state: FeedState) {
    this.#channel?.postMessage({ state } satisfies Word);
    this.#become(state);
  }

  // --- another page reads

  #told(word: Word) {
    this.#silence = 0;
    if (word === "still here") return;
    if ("state" in word) {
      if (!this.#missed) this.#become(word.state);
      return;
    }
    const { event, after } = word;
    if (event.name === "picture") {
      this.#missed = undefined;
      this.#catching.abort();
      this.#hear(event);
      this.#become("live");
    } else if (this.#missed) this.#missed.push(word);
    else if (!event.id) this.#hear(event);
    else if (!follows(this.#last, after)) {
      void this.#catchUp([word]);
    } else if (!follows(this.#last, event.id)) this.#hear(event);
  }

  /** A page that is frozen, or whose timers wait, has the stream no longer: this one takes it. */
  #tick() {
    this.#silence++;
    if (this.#reads || this.#silence <= mostSilence[this.#state ?? "lost"]) return;
    this.#steals = true;
    this.#turn.abort();
  }

  /** Asks Callin for a picture; what the others heard since then comes after it. */
  async #catchUp(missed: Told[]) {
    this.#missed = missed;
    this.#catching = new AbortController();
    const { signal } = this.#catching;
    let pause = firstPause;
    while (!signal.aborted) {
      let whole = false;
      let staged = false;
      const state = await readFeed("", signal, {
        onOpen: () => {},
        onEvent: (event) => {
          const heard = this.#hear(event);
          if (event.name === "stage") staged = true;
          if (event.name === "picture") {
            whole = true;
            staged = !(heard as Picture).station.rehearsal;
          }
          if (whole && staged) this.#caughtUp();
        },
      }).catch((): FeedState => "lost");
      if (signal.aborted) return;
      this.#become(state);
      await paused(pause, signal);
      pause = Math.min(pause * 2, longestPause);
    }
  }

  #caughtUp() {
    const missed = this.#missed ?? [];
    this.#missed = undefined;
    this.#catching.abort();
    this.#become("live");
    for (const word of missed) this.#told(word);
  }

  // --- whoever reads

  #become(state: FeedState | undefined, station = this.#station) {
    this.#state = state;
    this.#station = station;
    const shown = throughStation(state ?? "live", station);
    if (state === undefined && shown === "live") return; // it is not known yet
    const now = JSON.stringify([shown, station]);
    if (this.#shown === now) return;
    this.#shown = now;
    this.#to.onState(shown, station);
  }

  #hear({ name, id, data }: FeedEvent): unknown {
    if (id) this.#last = id;
    const heard: unknown = JSON.parse(data);
    if (name === "picture") this.#to.onPicture(heard as Picture);
    else if (name === "change") this.#to.onChange(heard as Change);
    else if (name === "stage") this.#to.onStage(heard as StageNow);
    else if (name === "update") this.#to.onUpdate?.(heard as UpdateNow);
    else if (name === "station") this.#become(this.#state, heard as StationNow);
    return heard;
  }
}

/** Waits, or until the signal. */
const paused = (ms: number, signal: AbortSignal): Promise<void> =>
  new Promise((done) => {
    const timer = setTimeout(done, ms);
    signal.addEventListener("abort", () => {
      clearTimeout(timer);
      done();
    });
  });
