import type { SetupOffer, SetupState, SetupStep } from "../backend/contract";
import { spaced } from "../picture/words";

/** The steps, in their order. */
export const steps: SetupStep[] = ["account", "number", "dialIn", "address", "change", "try"];

export const stepNames: Record<SetupStep, string> = {
  account: "Account",
  number: "Number",
  dialIn: "Dial-in",
  address: "Address",
  change: "Change",
  try: "Try it",
};

/** How a step stands: it is settled, the one that is to be done now, or for later. */
export type Standing = "settled" | "now" | "later";

export function standing(step: SetupStep, state: SetupState | undefined): Standing {
  const far = steps.indexOf(state?.step ?? "account");
  const at = steps.indexOf(step);
  if (at < far) return "settled";
  return at === far ? "now" : "later";
}

/** What a step was settled as, in few words; empty where there is nothing to say. */
export function settledAs(step: SetupStep, state: SetupState): string {
  switch (step) {
    case "account":
      return state.account?.name ?? "";
    case "number":
      return state.number ? spaced(state.number) : "";
    case "dialIn":
      if (state.dialIn) return spaced(state.dialIn);
      return standing("dialIn", state) === "settled" ? "without" : "";
    case "address":
      return state.public.address?.replace(/^https:\/\//, "") ?? "";
    case "change":
      if (standing("change", state) === "later" || state.will.length === 0) return "";
      return state.will.length === 1 ? "1 thing to change" : `${state.will.length} things to change`;
    case "try":
      return "";
  }
}

/** What an operation does, while it does. */
export const doingWords = {
  setup: "Looking how far this is…",
  setupAccount: "Asking Twilio who this account is…",
  setupNumber: "Noting the number…",
  setupOffers: "Asking Twilio which numbers it sells…",
  setupBuy: "Buying the number…",
  setupDialIn: "Noting the dial-in number…",
  setupAddress: "Trying the address: Callin fetches itself there…",
  setupPlace: "Asking Twilio there who this account is…",
  setupDo: "Changing at Twilio what the list says, and nothing else…",
  setupCall: "Asking Twilio to call…",
  setupKey: "Having another key made at Twilio…",
  setupUndo: "Putting everything at Twilio back…",
};

/** The names of the settings that a step sets, as a file and the environment have them. */
const settings: Partial<Record<SetupStep, string[]>> = {
  account: ["account_sid", "auth_token"],
  number: ["number"],
  dialIn: ["dial_in", "pin"],
  address: ["public_url", "tunnel", "tunnel_domain"],
};

/** The settings of a step that are set elsewhere. */
export const fixedOf = (step: SetupStep, state: SetupState): string[] =>
  (settings[step] ?? []).filter((name) => state.fixed.includes(name));

/** An amount with its currency: 1.15 USD. */
export const money = (amount: string, currency: string | undefined): string =>
  [amount, currency].filter(Boolean).join(" ");

/** What a number costs, in words; undefined where Twilio does not tell. */
export const monthly = ({ price, currency }: SetupOffer): string | undefined =>
  price ? `${money(price, currency)} a month` : undefined;

/** A number as it is sent, whatever stands between its digits. */
export const plain = (number: string): string => number.replace(/[\s().\-/]/g, "").replace(/^00/, "+");

/** Words with the numbers in them as people write them. */
export const readable = (words: string): string => words.replace(/\+\d{7,15}/g, spaced);

/** A value in the parts between which a line may break: an address breaks after its slashes. */
export const broken = (value: string): string[] => value.split(/(?<=[/?])(?![/?])/);
