import type { Finding, FindingState, PageLine } from "../backend/contract";

/** What each finding is about, for the eye. */
const names: Record<string, string> & Record<PageLine, string> = {
  credentials: "Credentials",
  account: "Account",
  balance: "Balance",
  limits: "Calls at once",
  key: "API key",
  clock: "Clock",
  other: "Another Callin",
  numbers: "Numbers and apps",
  address: "Public address",
  certificate: "Certificate",
  tunnel: "Tunnel",
  quota: "Tunnel's quota",
  port: "Voice listener",
  edge: "Twilio's edge",
  fallback: "Fallback",
  queues: "Queues",
  errors: "Twilio's log",
  calling: "Calling out",
  texting: "Texts",
  disk: "Disk",
  journal: "Journal",
  secrets: "Secrets",
  policy: "Policy",
  microphone: "Microphone",
  output: "Sound output",
  sound: "Sound",
  signalling: "Signalling",
  lanes: "Sound devices",
  ducking: "Windows' sound",
};

export const nameOf = ({ id }: Finding): string => names[id] ?? id;

/** The state by a sign and a word: never by its colour alone. */
export const stateWords: Record<FindingState, string> = {
  fine: "✓ fine",
  wrong: "▲ wrong",
  unlooked: "– not looked at",
};

/**
 * The findings of the station, with the page's own in the place of those that only a page can make: what is
 * wrong first, as not all of them are seen at once.
 */
export function together(station: Finding[], page: Finding[]): Finding[] {
  const own = new Map(page.map((f) => [f.id, f]));
  const known = new Set(station.map((f) => f.id));
  const all = [...station.map((f) => own.get(f.id) ?? f), ...page.filter((f) => !known.has(f.id))];
  const isWrong = ({ state }: Finding) => state === "wrong";
  return [...all.filter(isWrong), ...all.filter((f) => !isWrong(f))];
}

export function summary(all: Finding[]): string {
  const wrong = all.filter((f) => f.state === "wrong").length;
  const unlooked = all.filter((f) => f.state === "unlooked").length;
  const beside = unlooked ? ` ${unlooked} not looked at.` : "";
  if (!wrong) return `Nothing is wrong.${beside}`;
  return `${wrong === 1 ? "1 thing is" : `${wrong} things are`} wrong.${beside}`;
}

/** For whoever helps: numbers are shortened, as others' are none of theirs. */
export function forSupport(all: Finding[], at: Date, version: string): string {
  const lines = all.map((f) => `${stateWords[f.state]} · ${nameOf(f)}: ${f.what}${f.do ? ` → ${f.do}` : ""}`);
  return shortened([`Callin's doctor, ${at.toISOString()}`, version, ...lines, ""].join("\n"));
}

const shortened = (text: string): string =>
  text.replace(/\+\d{7,15}/g, (number) => `${number.slice(0, 3)}…${number.slice(-2)}`);
