import type { Line, Sound } from "../backend/contract";
import type { PhoneTrouble } from "../phone/errors";
import type { PhoneState } from "../phone/phone.svelte";
import { type SoundTrouble, soundTroubles } from "../phone/sound";
import { deskOf } from "../picture/desks";
import { spaced } from "../picture/words";

export interface PhoneWords {
  text: string;
  sign: string;
  kind: "good" | "busy" | "bad" | "idle";
}

/** What the words are made of: this page's phone, and whose the line is. */
export interface PhoneFacts {
  state: PhoneState;
  /** It is on its lane without hearing or being heard. */
  reserve?: boolean;
  flows: boolean;
  trouble?: SoundTrouble | undefined;
  /** There is no output to hear callers through. */
  deaf: boolean;
  /** The phone on the line is not this page's. */
  elsewhere: boolean;
  /** What the page says that has that phone. */
  there?: Sound | undefined;
}

/** The phone's state as it is said: it does not change to and fro with each attempt of a phone that tries again. */
export function steadyState(state: PhoneState, trouble: PhoneTrouble | undefined): PhoneState {
  if (state !== "connecting" || !trouble) return state;
  return trouble.again === "soon" ? "reconnecting" : "off";
}

const good = (text: string): PhoneWords => ({ text, sign: "●", kind: "good" });
const busy = (text: string): PhoneWords => ({ text, sign: "◌", kind: "busy" });
const bad = (text: string): PhoneWords => ({ text, sign: "▲", kind: "bad" });
const idle = (text: string): PhoneWords => ({ text, sign: "○", kind: "idle" });

/** The phone's state in words. What is said of sound is what was heard. */
export function phoneWords(phone: PhoneFacts, line: Line | undefined): PhoneWords {
  if (line?.telephone && phone.state !== "connecting") return good("A telephone takes the callers");
  switch (phone.state) {
    case "on":
      if (phone.reserve) return good("In reserve");
      if (phone.trouble) return bad(soundTroubles[phone.trouble].text);
      if (phone.deaf) return bad("You hear nobody");
      if (!line?.phone || phone.elsewhere) return busy("Connected, joining the line…");
      if (!phone.flows) return busy("Connected, waiting for sound…");
      if (deskOf({ kind: "line", name: line.name }) !== undefined) return good("On your own line");
      return good(line.direct ? "Connected, direct mode" : "On the line");
    case "connecting":
      return busy("Connecting…");
    case "reconnecting":
      return busy(phone.flows ? "Twilio is not reached, sound goes on…" : "Lost, trying again…");
    case "unsupported":
      return line?.phone ? elsewhereWords("in the browser", line, phone.there) : bad("No phone here");
    case "off":
      if (phone.elsewhere && line) return elsewhereWords("on another page", line, phone.there);
      return idle(line?.phone ? "Leaving the line…" : "Not connected");
  }
}

/** The state of a phone that another page has, as that page says it. */
function elsewhereWords(where: string, line: Line, there: Sound | undefined): PhoneWords {
  const own = deskOf({ kind: "line", name: line.name }) !== undefined;
  switch (there) {
    case undefined:
      return idle(where.charAt(0).toUpperCase() + where.slice(1));
    case "flows":
      return good(
        `${own ? "On your own line" : line.direct ? "Connected, direct mode" : "On the line"}, ${where}`,
      );
    case "waits":
      return busy(`Waiting for sound, ${where}`);
    default:
      return bad(`${soundTroubles[there].text}, ${where}`);
  }
}

/** What wrong PINs have locked, if anything. */
export function lockWords(line: Line): string | undefined {
  if (line.pinLocked)
    return "Wrong PINs have locked the telephone way, but for telephones that typed the right one lately.";
  const locked = line.lockedTelephones.map((number) => spaced(number) || "Who withholds their number");
  if (locked.length === 0) return undefined;
  return `${locked.join(", ")} ${locked.length > 1 ? "are" : "is"} locked after five wrong PINs.`;
}
