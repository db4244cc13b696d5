/** What is said of the recording of isolated tracks. */
import type { Tracks } from "../backend/contract";
import { timeOfDay } from "../picture/time";

/** How long the first sound may take to be on the station's disk, and how much may wait here, in ms. */
const begins = 6_000;
const waits = 5_000;

interface Facts {
  /** What the station says of it. */
  told: Tracks | undefined;
  /** How long somebody has been on air; undefined while nobody is. */
  onAirMs: number | undefined;
  /** Callers come to air without lanes: in direct mode, or on a telephone. */
  laneless: boolean;
  /** Of this page's own recording: the seconds that wait for the station, and those that are lost. */
  behind: number;
  lost: number;
  trouble: string | undefined;
}

export interface TracksWords {
  kind: "on" | "idle" | "bad";
  sign: string;
  text: string;
}

export function tracksWords({ told, onAirMs, laneless, behind, lost, trouble }: Facts): TracksWords {
  const bad = (text: string): TracksWords => ({ kind: "bad", sign: "▲", text });
  const gap =
    lost >= 1 ? ` ${Math.round(lost)} s of sound could not be kept: the tracks are silent there.` : "";
  const why = trouble ?? told?.trouble?.message;
  if (why) return bad(`Isolated tracks are not recorded. ${why}${gap}`);
  if (behind * 1000 > waits)
    return bad(
      `The station has not taken the last ${Math.round(behind)} s of the isolated tracks. They are kept on this page: leave it open.${gap}`,
    );
  if (gap) return bad(`Isolated tracks are recorded.${gap}`);
  if (onAirMs === undefined)
    return { kind: "idle", sign: "○", text: "Isolated tracks are recorded while somebody is on air." };
  if (told?.on) {
    const host = told.host ? "" : ", without one of the host: the microphone is the console's";
    return { kind: "on", sign: "●", text: `Recording isolated tracks since ${timeOfDay(told.since)}${host}` };
  }
  if (laneless)
    return bad("Isolated tracks are not recorded: direct mode and a telephone have no lanes. Use the line.");
  if (onAirMs < begins) return { kind: "idle", sign: "○", text: "Isolated tracks begin…" };
  return bad("Isolated tracks are not recorded: no sound comes from the page that has the phone. Reload it.");
}
