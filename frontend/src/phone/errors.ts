/** What went wrong with the phone, in words that say what to do next. */
export interface PhoneTrouble {
  text: string;
  /** The text without what differs each time it is met again. */
  words?: string;
  /** Twilio's error code, if it has one. */
  code?: number;
  again: Again;
}

/**
 * When a new call is tried. soon: it can help at any moment. later: somebody may
 * have to do something first, which is not known here. never: a press is needed.
 */
export type Again = "soon" | "later" | "never";

interface Words {
  codes: number[];
  text: string;
  again: Again;
}

/** Twilio docs: Voice SDK error codes. */
const known: Words[] = [
  {
    codes: [31401],
    text: "The microphone is blocked. Allow it for this page in the browser, then connect the phone.",
    again: "never",
  },
  {
    codes: [31402],
    text: "The microphone cannot be opened. Check that it is plugged in and that no other program has it. Trying again…",
    again: "soon",
  },
  {
    codes: [20104, 31205],
    text: "The phone's pass has expired. Getting a new one…",
    again: "soon",
  },
  {
    codes: [31207],
    text: "The phone's pass is valid for longer than Twilio accepts. Correct the token's length in Callin's settings.",
    again: "later",
  },
  {
    codes: [20101, 20107, 20151, 31102, 31201, 31202, 31204],
    text: "Twilio does not accept the phone's pass. Check the account's API key in Callin's settings, and this computer's clock.",
    again: "later",
  },
  {
    codes: [20157, 31203],
    text: "Twilio does not let this account make calls. Look at the account in Twilio's console.",
    again: "later",
  },
  {
    codes: [31001, 31404],
    text: "Twilio does not know the desk's application. Run Callin's set-up again.",
    again: "later",
  },
  {
    codes: [31002, 31603],
    text: "Twilio declined the phone's call. Connect it again.",
    again: "later",
  },
  {
    codes: [31206, 31486],
    text: "Twilio is busy. Trying again…",
    again: "soon",
  },
  {
    codes: [53405, 31003],
    text: "Sound cannot get through between this computer and Twilio. Check the network and its firewall.",
    again: "soon",
  },
  {
    codes: [31000, 31005, 31009, 31480, 53000, 53001],
    text: "The phone cannot reach Twilio. Check this computer's network.",
    again: "soon",
  },
];

const refusedPass = [20101, 20104, 31202];

/** What the SDK mends itself while it has a call. */
const wayLost = [31000, 31003, 31005, 31009, 31480, 53000, 53001, 53405];
export const mendsItself = ({ code }: PhoneTrouble): boolean => code !== undefined && wayLost.includes(code);

interface Thrown {
  code?: unknown;
  message?: unknown;
  name?: unknown;
  originalError?: { message?: unknown };
}

/** Whatever the SDK threw or emitted, as words. It may be nothing at all. */
export function phoneTrouble(error: unknown): PhoneTrouble {
  const { code, message, name, originalError } = (error ?? {}) as Thrown;
  if (name === "NotAllowedError") return phoneTrouble({ code: 31401 });
  if (name === "NotFoundError" || name === "NotReadableError") return phoneTrouble({ code: 31402 });
  if (typeof code !== "number") {
    const detail = typeof message === "string" && message ? ` (${message})` : "";
    return { text: `The phone did not connect${detail}. Trying again…`, again: "soon" };
  }
  const words = known.find((w) => w.codes.includes(code));
  const text = words?.text ?? "The phone's call failed. Trying again…";
  // Twilio's own words tell apart what the SDK puts under one code.
  const exact = refusedPass.includes(code) ? originalError?.message : undefined;
  const detail = typeof exact === "string" ? `${code}: ${exact}` : `${code}`;
  return { text: `${text} (Twilio ${detail})`, words: text, code, again: words?.again ?? "soon" };
}

const wordsOf = (trouble: PhoneTrouble): string => trouble.words ?? trouble.text;

/** Troubles in a row, until the phone is well again: each is a sentence that is said once. */
export class Troubles {
  #met = new Set<string>();

  /** Forgets those that there were. */
  beginAnew() {
    this.#met.clear();
  }

  /** The one to show: while the phone tries again by itself, a sentence that was said does not come back. */
  after(now: PhoneTrouble | undefined, next: PhoneTrouble): PhoneTrouble {
    const met = this.#met.has(wordsOf(next));
    this.#met.add(wordsOf(next));
    return now?.again === next.again && met ? now : next;
  }
}

/** What kept the phone from connecting: a refused token speaks for itself, the rest is the SDK's. */
export function connectTrouble(error: unknown): PhoneTrouble {
  if (error instanceof Error && error.name === "Refused") {
    const unanswered = "code" in error && error.code === "unanswered";
    return { text: error.message, again: unanswered ? "soon" : "later" };
  }
  return phoneTrouble(error);
}

export const slow: PhoneTrouble = {
  text: "Twilio does not answer the phone. Check this computer's network.",
  again: "soon",
};

export const endedByLine: PhoneTrouble = {
  text: "The line ended the phone's call. Connecting again…",
  again: "soon",
};

export const lost: PhoneTrouble = {
  text: "Twilio was out of reach for too long. Connecting again…",
  again: "soon",
};

export const taken: PhoneTrouble = {
  text: "Another phone has taken the line. Take the phone here to have it back.",
  again: "never",
};

export const moved: PhoneTrouble = {
  text: "The rehearsal was started anew. Reload this page to connect the phone.",
  again: "never",
};

export const unsupported: PhoneTrouble = {
  text: "This window cannot carry calls: its web view has no WebRTC. Everything else on the desk works here.",
  again: "never",
};
