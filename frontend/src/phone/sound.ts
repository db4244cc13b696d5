/** What is heard, judged by what passes: packets both ways, and the microphone's samples. */

/** What is wrong with it. */
export type SoundTrouble = "unplugged" | "dead" | "notSent" | "silentLine";

/** One look at a call's sound; what counts, counts from the call's beginning. */
export interface Look {
  /** In ms. */
  at: number;
  packetsReceived: number;
  packetsSent: number;
  /** The microphone's track has ended: its device has gone. */
  ended: boolean;
  /** The track is muted: what it carries says nothing about the microphone. */
  muted: boolean;
  /** Whether the microphone's samples differ from each other; undefined when nobody can tell. */
  alive: boolean | undefined;
}

/** Nothing for longer than this, in ms, is trouble: it is said before three seconds have gone. */
const patience = 2_000;
/** While the microphone is changed for another, its track has ended for less than this, in ms. */
const change = 700;

/** Follows one call's sound. */
export class Judge {
  #received = -1;
  #sent = -1;
  #receivedAt = 0;
  #sentAt = 0;
  #aliveAt = 0;
  #liveAt = 0;
  #first = true;
  /** Sound has passed, and passes still, both ways. */
  flows = false;
  trouble: SoundTrouble | undefined;

  look(now: Look) {
    if (this.#first || now.packetsReceived > this.#received) this.#receivedAt = now.at;
    if (this.#first || now.packetsSent > this.#sent) this.#sentAt = now.at;
    if (this.#first || now.muted || now.alive !== false) this.#aliveAt = now.at;
    if (this.#first || !now.ended) this.#liveAt = now.at;
    this.#received = now.packetsReceived;
    this.#sent = now.packetsSent;
    this.#first = false;
    const over = (since: number, most = patience) => now.at - since >= most;
    if (over(this.#liveAt, change)) this.trouble = "unplugged";
    else if (over(this.#receivedAt)) this.trouble = "silentLine";
    else if (over(this.#aliveAt)) this.trouble = "dead";
    else if (over(this.#sentAt)) this.trouble = "notSent";
    else this.trouble = undefined;
    this.flows = !this.trouble && now.packetsReceived > 0 && now.packetsSent > 0;
  }
}

/** In short, and what to do. */
export const soundTroubles: Record<SoundTrouble, { text: string; todo: string }> = {
  unplugged: {
    text: "The microphone is gone",
    todo: "The microphone was unplugged: callers do not hear you. Plug it in again, or choose another one in this computer's settings; it is then used by itself.",
  },
  dead: {
    text: "The microphone is silent",
    todo: "The microphone gives no sound: callers do not hear you. Look at its switch, at the console's send and at the input chosen in this computer's settings. If that does not help, disconnect the phone and connect it again.",
  },
  notSent: {
    text: "Your sound does not go out",
    todo: "This page sends no sound: callers do not hear you. Disconnect the phone and connect it again.",
  },
  silentLine: {
    text: "No sound from the line",
    todo: "No sound comes from the line. Look at this computer's network. If it does not come back, disconnect the phone and connect it again.",
  },
};

/** What of it is of one lane alone, where there are several: all else is the microphone's. */
export type LaneTrouble = Extract<SoundTrouble, "silentLine" | "notSent">;

export const isLaneTrouble = (trouble: SoundTrouble | undefined): trouble is LaneTrouble =>
  trouble === "silentLine" || trouble === "notSent";

/** In short, beside the lane's caller. */
export const laneTroubles: Record<LaneTrouble, string> = {
  silentLine: "No sound comes in",
  notSent: "No sound goes out",
};

/** What is wrong with some lanes, from 0, while sound passes on others, and what to do. */
export function laneTroubleWords(trouble: LaneTrouble, lanes: number[]): string {
  const [on, its] = [
    `${lanes.length > 1 ? "lanes" : "lane"} ${lanes.map((lane) => lane + 1).join(", ")}`,
    lanes.length > 1 ? "their callers" : "its caller",
  ];
  const again = "disconnect the phone and connect it again: all callers are on hold meanwhile.";
  return trouble === "silentLine"
    ? `No sound comes in on ${on}: nobody hears ${its}. If it does not come back, ${again}`
    : `Nothing goes out on ${on}: ${its} hear${lanes.length > 1 ? "" : "s"} nobody. If that stays so, ${again}`;
}
