import type { Line } from "../backend/contract";
import type { PhoneState } from "../phone/phone.svelte";
import { spaced } from "../picture/words";

export interface PhoneWords {
  text: string;
  sign: string;
  kind: "good" | "busy" | "bad" | "idle";
}

/** The phone's state in words: this page's phone, and the line's as Callin sees it. */
export function phoneWords(state: PhoneState, line: Line | undefined): PhoneWords {
  if (line?.telephone && state !== "connecting") {
    return { text: "A telephone takes the callers", sign: "●", kind: "good" };
  }
  switch (state) {
    case "on":
      if (line?.direct) return { text: "Connected, direct mode", sign: "●", kind: "good" };
      if (line?.phone) return { text: "On the line", sign: "●", kind: "good" };
      return { text: "Connected, joining the line…", sign: "◌", kind: "busy" };
    case "connecting":
      return { text: "Connecting…", sign: "◌", kind: "busy" };
    case "reconnecting":
      return { text: "Lost, trying again…", sign: "◌", kind: "busy" };
    case "unsupported":
      if (line?.phone) return { text: "On the line, in the browser", sign: "●", kind: "good" };
      return { text: "No phone here", sign: "▲", kind: "bad" };
    case "off":
      if (line?.phone) return { text: "On the line from another page", sign: "○", kind: "idle" };
      return { text: "Not connected", sign: "○", kind: "idle" };
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
