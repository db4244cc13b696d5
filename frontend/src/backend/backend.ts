import type {
  Bodies,
  Change,
  Operation,
  Picture,
  Refusal,
  Result,
  StageNow,
  StationNow,
  UpdateNow,
} from "./contract";

/**
 * Whether the feed flows. no_key: this browser was not let in, or is signed out. no_session: it is at a
 * station's door, which lets in by a code. ended: this PC is no longer a desk of its station.
 */
export type FeedState = "live" | "lost" | "no_key" | "no_session" | "ended";

/** What comes in by the feed. */
export interface Listener {
  onPicture(picture: Picture): void;
  onChange(change: Change): void;
  /** Only in a rehearsal. */
  onStage(stage: StageNow): void;
  /** Only on the computer whose Callin it is of. */
  onUpdate?(update: UpdateNow): void;
  /** With the station, on a PC that is a desk of one elsewhere: it says why the feed does not flow. */
  onState(state: FeedState, station?: StationNow): void;
}

/** How the feed is that comes from a station elsewhere, if it does, by how this PC's own is. */
export const throughStation = (own: FeedState, station: StationNow | undefined): FeedState => {
  if (own !== "live" || !station || station.reached) return own;
  return station.ended ? "ended" : "lost";
};

/** Callin as the page sees it, through either of its two doors. */
export interface Backend {
  /**
   * Begins the feed and keeps it going: after a break it goes on from the last
   * number, or with a new picture. Returns a function that ends it.
   */
  attach(to: Listener): () => void;

  /** The studio that operations and files are of, by its id. */
  studio: string;

  /** Asks for one operation; throws Refused when Callin says no or nothing. */
  operate<O extends Operation>(op: O, body: Bodies[O]): Promise<Result<O>>;

  /** A file of Callin's, such as a message that was left; throws Refused as operate does. */
  file(path: string): Promise<File>;

  /** Hands over a chunk of a studio's isolated tracks; throws Refused as operate does. */
  track(studio: string, chunk: Uint8Array<ArrayBuffer>): Promise<TracksKept>;

  /** Opens the desk in the system's browser; only a window can. */
  openBrowser?(): Promise<void>;

  /** Callin's own window, for the page that is in it. */
  readonly window?: WindowDoor;

  /** Carries a rehearsal's signalling where the page may not reach a port. */
  readonly signal?: SignalDoor;
}

/** What became of a chunk of isolated tracks. */
export interface TracksKept {
  /** The station's run: what an earlier one took and did not say to be on the disk is to be sent again. */
  run: string;
  /** All that was taken until now is on the disk, whatever happens. */
  synced: boolean;
}

/** What a page can ask of Callin's own window. */
export interface WindowDoor {
  /** What an item of the menu is for, when it is chosen. Returns a function that stops it. */
  onMenu(chosen: (command: string) => void): () => void;
  /** Has the menu show what each command is pressed with. */
  menuKeys(keys: Record<string, string>): Promise<void>;
  /** In percent, as it was kept. */
  zoom(): Promise<number>;
  keepZoom(percent: number): Promise<void>;
  /** Goes to the full screen, or back. */
  fullScreen(): Promise<void>;
  copy(text: string): Promise<void>;
  /** Whether the system starts Callin when its user logs in. */
  startsAtLogin(): Promise<boolean>;
  startAtLogin(on: boolean): Promise<void>;
}

/** Signalling connections carried over a window's own channel. */
export interface SignalDoor {
  open(): Promise<string>;
  send(id: string, frame: string): Promise<void>;
  close(id: string): Promise<void>;
  /** Frames and closings of every connection. Returns a function that stops it. */
  listen(on: (event: SignalEvent) => void): () => void;
}

export interface SignalEvent {
  id: string;
  frame?: string;
  closed?: boolean;
  code?: number;
}

/** An operation that was not done; its message is for the person at the desk. */
export class Refused extends Error {
  readonly code: string;
  readonly field: string | undefined;

  constructor(refusal: Refusal) {
    super(refusal.message);
    this.name = "Refused";
    this.code = refusal.code;
    this.field = refusal.field;
  }
}

/** Whether an answer is Callin's no: a proxy's page is none. */
export function isRefusal(answer: unknown): answer is Refusal {
  return typeof answer === "object" && answer !== null && "message" in answer && "code" in answer;
}

/** Callin did not answer at all, so nobody knows whether it was done. */
export const unanswered: Refusal = {
  code: "unanswered",
  message:
    "Callin did not answer, so it is not certain that this was done. Look at the desk, then try again.",
};
