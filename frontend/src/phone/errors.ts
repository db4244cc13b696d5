/** What went wrong with the phone, in words that say what to do next. */
export interface PhoneTrouble {
  text: string;
  /** Twilio's error code, if it has one. */
  code?: number;
  /** Trying again can help without anybody doing anything first. */
  passing: boolean;
}

interface Words {
  codes: number[];
  text: string;
  passing: boolean;
}

/** Twilio docs: Voice SDK error codes. */
const known: Words[] = [
  {
    codes: [31401],
    text: "The microphone is blocked. Allow it for this page in the browser, then press P.",
    passing: false,
  },
  {
    codes: [31402],
    text: "The microphone cannot be opened. Check that it is plugged in and that no other program has it, then press P.",
    passing: false,
  },
  {
    codes: [20104, 31205],
    text: "The phone's pass has expired. Press P to get a new one.",
    passing: false,
  },
  {
    codes: [31207],
    text: "The phone's pass is valid for longer than Twilio accepts. Correct the token's length in Callin's settings.",
    passing: false,
  },
  {
    codes: [20101, 20107, 20151, 31102, 31201, 31202, 31204],
    text: "Twilio does not accept the phone's pass. Check the account's API key in Callin's settings, and this computer's clock.",
    passing: false,
  },
  {
    codes: [20157, 31203],
    text: "Twilio does not let this account make calls. Look at the account in Twilio's console.",
    passing: false,
  },
  {
    codes: [31001, 31404],
    text: "Twilio does not know the desk's application. Run Callin's set-up again.",
    passing: false,
  },
  {
    codes: [31002, 31603],
    text: "Twilio declined the phone's call. Press P to try again.",
    passing: false,
  },
  {
    codes: [31206, 31486],
    text: "Twilio is busy. Trying again…",
    passing: true,
  },
  {
    codes: [53405, 31003],
    text: "Sound cannot get through between this computer and Twilio. Check the network and its firewall.",
    passing: true,
  },
  {
    codes: [31000, 31005, 31009, 31480, 53000, 53001],
    text: "The phone cannot reach Twilio. Check this computer's network.",
    passing: true,
  },
];

const refusedPass = [20101, 20104, 31202];

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
    return { text: `The phone did not connect${detail}. Press P to try again.`, passing: false };
  }
  const words = known.find((w) => w.codes.includes(code));
  const text = words?.text ?? "The phone's call failed. Press P to try again.";
  // Twilio's own words tell apart what the SDK puts under one code.
  const exact = refusedPass.includes(code) ? originalError?.message : undefined;
  const detail = typeof exact === "string" ? `${code}: ${exact}` : `${code}`;
  return { text: `${text} (Twilio ${detail})`, code, passing: words?.passing ?? false };
}

export const slow: PhoneTrouble = {
  text: "Twilio does not answer the phone. Check this computer's network.",
  passing: true,
};

export const endedByLine: PhoneTrouble = {
  text: "The line ended the phone's call. Press P to connect again.",
  passing: false,
};

export const moved: PhoneTrouble = {
  text: "The rehearsal was started anew. Reload this page to connect the phone.",
  passing: false,
};

export const unsupported: PhoneTrouble = {
  text: "This window cannot carry calls: its web view has no WebRTC. Everything else on the desk works here.",
  passing: false,
};
