/** What the browser does to the microphone: what was asked for, and what it says it does. */

/**
 * headset: the browser cancels echo and evens the voice out. console: the
 * microphone as it is, for a mixing desk with a mix-minus.
 */
export type Profile = "headset" | "console";

const treatments = ["echoCancellation", "autoGainControl", "noiseSuppression"] as const;
type Treatment = (typeof treatments)[number];

export const treatmentWords: Record<Treatment, string> = {
  echoCancellation: "echo cancelling",
  autoGainControl: "gain",
  noiseSuppression: "noise suppression",
};

/** What is on; a treatment that the browser says nothing of is left out. */
export type Treated = Partial<Record<Treatment, boolean>>;

export function asked(profile: Profile): Record<Treatment, boolean> {
  const on = profile === "headset";
  return { echoCancellation: on, noiseSuppression: on, autoGainControl: on };
}

/** What the browser reports of a live track. */
export function treated(settings: MediaTrackSettings): Treated {
  const all: Treated = {};
  for (const name of treatments) {
    // Newer browsers name the kind of echo cancelling.
    const value = settings[name] as boolean | string | undefined;
    if (value !== undefined) all[name] = Boolean(value);
  }
  return all;
}

export const asAsked = (is: Treated, profile: Profile): boolean =>
  treatments.every((name) => is[name] === undefined || is[name] === asked(profile)[name]);

/** "Echo cancelling off · gain off · noise suppression off", as the browser reports it. */
export function treatedWords(is: Treated): string {
  const parts = treatments
    .filter((name) => is[name] !== undefined)
    .map((name) => `${treatmentWords[name]} ${is[name] ? "on" : "off"}`);
  const words = parts.join(" · ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}
