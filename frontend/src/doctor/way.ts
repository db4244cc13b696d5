/** What a test call says of the way to Twilio, in words. */
import type { Finding } from "../backend/contract";
import type { Way } from "../phone/device";

type Found = Pick<Finding, "state" | "what" | "do">;

/** Sound is poor below this, by the mean opinion of listeners (1 to 4.5), and above these, in ms (Twilio docs: Voice Insights). */
const poor = { mos: 3.5, rttMs: 400, jitterMs: 30 };

/** The SDK's code of a call for whose sound there was no way (MediaErrors.ConnectionError). */
const noMedia = 53405;

const untried: Found = {
  state: "unlooked",
  what: "The station let no test call be made.",
  do: "Look at Credentials and Another Callin first.",
};

export function signallingOf(way: Way | undefined): Found {
  if (!way) return untried;
  if (way.signallingMs === undefined)
    return {
      state: "wrong",
      what: `Twilio's signalling lets this page not in${way.code ? ` (${way.code})` : ""}: no phone connects.`,
      do: "Look whether this network lets TCP 443 through to the hosts of the emergency sheet.",
    };
  const edge = way.edge ? `, at the edge ${way.edge}` : "";
  return { state: "fine", what: `Twilio's signalling let this page in after ${way.signallingMs} ms${edge}.` };
}

export function soundOf(way: Way | undefined): Found {
  if (!way) return untried;
  if (way.signallingMs === undefined)
    return {
      state: "unlooked",
      what: "Without signalling no sound could be tried.",
      do: "See to the signalling first.",
    };
  if (!way.taken && way.code !== noMedia)
    return {
      state: "unlooked",
      what: `The test call was not taken${way.code ? ` (${way.code})` : ""}: the station's answer did not get to Twilio.`,
      do: "See to the public address first.",
    };
  if (!way.flows)
    return {
      state: "wrong",
      what: "UDP is blocked: calls connect, and there is no sound.",
      do: "Let UDP out of this network to 168.86.128.0/18, ports 10000 to 60000.",
    };
  if (!way.sound)
    return {
      state: "wrong",
      what: "A test call found a way for sound, and none came back on it.",
      do: "Look again; if it stays so, look at what is between this computer and the internet.",
    };
  const { mos, rttMs, jitterMs } = way.sound;
  const measured = `quality ${mos.toFixed(1)} of 4.5, ${rttMs} ms there and back, ${jitterMs} ms of jitter`;
  if (mos < poor.mos || rttMs > poor.rttMs || jitterMs > poor.jitterMs)
    return {
      state: "wrong",
      what: `The sound of a test call was poor: ${measured}.`,
      do: "Use a cable, end what else fills the line, and look again.",
    };
  return { state: "fine", what: `A test call had good sound: ${measured}.` };
}
