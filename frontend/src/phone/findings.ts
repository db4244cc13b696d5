/**
 * What is found of the lanes' sound devices, by which lane's return hears which lane's tone. A return is to be the
 * N-1 of its lane's channel: it carries all lanes but its own.
 */

/** What heard a tone: how loud, in dB to the tone as it was sent, and how much later than who heard it first, in ms. */
export interface Heard {
  level: number;
  later?: number | undefined;
}

/** What was heard while one lane's output played the tone. */
export interface Trial {
  /** By the returns of the lanes; undefined for a lane that has none of its own. */
  returns: (Heard | undefined)[];
  /** By the microphone, where it is open. */
  microphone?: Heard | undefined;
}

export interface Trials {
  /** One for each lane; undefined for one whose output cannot play. */
  lanes: (Trial | undefined)[];
  /**
   * The lanes whose return gives no sample that differs, as one that is muted in the system does; after them all, by
   * their number, the microphone.
   */
  dead: number[];
  /** What is known of a lane by the names of its devices. Such a lane has no trial, and no return. */
  known: (LaneFinding | undefined)[];
}

/** What is found of one lane; lanes count from 0. */
export type LaneFinding =
  | { is: "fine" }
  /** Nothing hears it, and but for a person's ear nothing tells whether it was to be heard. */
  | { is: "played" }
  | { is: "gone" }
  /** No return hears it. */
  | { is: "silent" }
  /** Its return hears nobody; dead where it does not even hiss. */
  | { is: "deaf"; dead: boolean }
  /** Its return hears it, and another one does not. */
  | { is: "crossed"; with: number }
  /** Its output goes where another lane's goes. */
  | { is: "shared"; with: number }
  /** Its return is another lane's. */
  | { is: "another's"; whose: number }
  /** It comes back to its own caller, by so many dB weaker than the others hear it. */
  | { is: "echo"; weaker: number; later: number | undefined }
  /** The microphone gives nothing. */
  | { is: "mute" }
  /** The microphone hears it, and so would its caller. */
  | { is: "loud"; weaker: number; later: number | undefined }
  /** The callers on these lanes do not hear it. */
  | { is: "unheard"; by: number[] };

/** What is weaker than this, in dB to the tone as it is sent, is not heard: no caller would be disturbed by it. */
export const floor = -50;

/** The lanes' findings, one for each. */
export function judge({ lanes, dead, known }: Trials): LaneFinding[] {
  const all = [...lanes.keys()];
  const level = (from: number, at: number) => lanes[from]?.returns[at]?.level ?? Number.NEGATIVE_INFINITY;
  const hears = (at: number, from: number) => level(from, at) > floor;
  const withReturn = all.filter((at) => lanes.some((trial) => trial?.returns[at]));
  const living = withReturn.filter((at) => !dead.includes(at) && all.some((from) => hears(at, from)));

  return lanes.map((trial, lane) => {
    const named = known[lane];
    if (named) return named;
    if (!trial) return { is: "gone" };
    if (!withReturn.includes(lane)) {
      const { microphone } = trial;
      if (dead.includes(lanes.length)) return { is: "mute" };
      return microphone && microphone.level > floor
        ? { is: "loud", weaker: -microphone.level, later: microphone.later }
        : { is: "played" };
    }
    const others = living.filter((at) => at !== lane);
    const missing = others.filter((at) => !hears(at, lane));
    const own = hears(lane, lane);
    if (dead.includes(lane)) return { is: "deaf", dead: true };
    if (others.length > 0 && missing.length === others.length && !own) return { is: "silent" };
    if (!living.includes(lane) && lanes.filter((t) => t).length > 1) return { is: "deaf", dead: false };
    if (!own && others.length === 0) return { is: "played" };
    if (!own) return missing.length > 0 ? { is: "unheard", by: missing } : { is: "fine" };
    const [one, another] = missing;
    if (one !== undefined && another === undefined)
      return hears(one, one) ? { is: "crossed", with: one } : { is: "shared", with: one };
    const unheardHere = all.filter(
      (from) => from !== lane && lanes[from] && !hears(lane, from) && living.some((at) => hears(at, from)),
    );
    if (unheardHere.length === 1 && unheardHere[0] !== undefined)
      return { is: "another's", whose: unheardHere[0] };
    const heard = others.filter((at) => hears(at, lane)).map((at) => level(lane, at));
    const loudest = heard.length ? Math.max(...heard) : 0;
    return { is: "echo", weaker: loudest - level(lane, lane), later: trial.returns[lane]?.later };
  });
}

const lanesWords = (lanes: number[]): string =>
  `${lanes.length > 1 ? "lanes" : "lane"} ${lanes.map((lane) => lane + 1).join(", ")}`;

const echoWords = (weaker: number, later: number | undefined): string =>
  `${weaker < 1 ? "as loud as it is" : `${Math.round(weaker)} dB weaker`}${later ? `, ${Math.round(later / 10) * 10} ms later` : ""}`;

/** A finding in words, and what to do; ok says that there is nothing to do. */
export function findingWords(finding: LaneFinding): { ok: boolean; text: string } {
  const wrong = (text: string) => ({ ok: false, text });
  switch (finding.is) {
    case "fine":
      return { ok: true, text: "Fine: the console hears it, and it does not come back to its own caller." };
    case "played":
      return {
        ok: true,
        text: "Played, and nothing of it came back. Look or listen yourself whether it was where it belongs.",
      };
    case "gone":
      return wrong("Not tried: its output is gone.");
    case "silent":
      return wrong(
        "No return hears it. Its output is another one than the console's channel, or that channel is off: choose another output, or open the channel.",
      );
    case "deaf":
      return wrong(
        finding.dead
          ? "Its return gives no sound at all. Look whether it is muted in this computer's settings, and at the console's N-1 of this channel."
          : "Its return hears no other lane, so its caller would hear nobody. Send the N-1 of its channel to it on the console, or choose another return; with two lanes look at the other one's output too.",
      );
    case "crossed":
      return wrong(
        `Crossed with ${lanesWords([finding.with])}: its return carries its own caller, and the other one does not. Change over the returns of the two.`,
      );
    case "shared":
      return wrong(
        `It comes into the channel of ${lanesWords([finding.with])}. Give it an output of its own, for its own channel.`,
      );
    case "another's":
      return wrong(
        `Its return is the one of ${lanesWords([finding.whose])}: its own caller is in it. Choose the N-1 of its own channel.`,
      );
    case "echo":
      return wrong(
        `Its caller hears themselves, ${echoWords(finding.weaker, finding.later)}. Its return must be an N-1: take its own channel out of it on the console, and look for a loudspeaker near an open microphone.`,
      );
    case "mute":
      return wrong(
        "The microphone gives no sound at all, so its caller would not hear you. Look at its switch, and whether it is muted in this computer's settings.",
      );
    case "loud":
      return wrong(
        `The microphone hears it, ${echoWords(finding.weaker, finding.later)}, and so would its caller. Use headphones, or turn the loudspeaker down.`,
      );
    case "unheard":
      return wrong(
        `The callers on ${lanesWords(finding.by)} do not hear it. Let its channel into their N-1 on the console.`,
      );
  }
}
