/** How the softphone's Device is set up. */
import { Device } from "@twilio/voice-sdk";
import type { SignalDoor } from "../backend/backend";
import type { PhonePass } from "../backend/contract";
import { bridge, loopback, streamOver } from "./signal";
import silent from "./silence.wav?url&no-inline";

/**
 * headset: the browser cancels echo and evens the voice out. console: the
 * microphone as it is, for a mixing desk with a mix-minus.
 */
export type Profile = "headset" | "console";

/** The SDK would fetch each of these from a host of Twilio's. */
const soundNames = [
  "incoming",
  "outgoing",
  "disconnect",
  ...[..."0123456789sh"].map((key) => `dtmf${key}`),
] as Device.SoundName[];

/** No sound of a page's may go to air: all are silent. */
const sounds = Object.fromEntries(soundNames.map((name) => [name, silent]));

/** The private options, of 2.18.5. */
interface PrivateOptions {
  PStream?: unknown;
  publishEvents?: boolean;
}

/** A Device for one call. onMedia gets the state of the call's own media. */
export function newDevice(
  pass: PhonePass,
  door: SignalDoor | undefined,
  onMedia: (state: RTCPeerConnectionState) => void,
): Device {
  const options: Device.Options & PrivateOptions = {
    appName: "callin",
    sounds,
    disableAudioContextSounds: true,
    enableImprovedSignalingErrorPrecision: true,
    logLevel: "error",
    // Milliseconds: the longest that the SDK allows itself to find a call again.
    maxCallSignalingTimeoutMs: 30_000,
    RTCPeerConnection: class extends RTCPeerConnection {
      constructor(configuration?: RTCConfiguration) {
        super(configuration);
        this.addEventListener("connectionstatechange", () => onMedia(this.connectionState));
      }
    },
  };
  if (pass.signal) {
    options.PStream = streamOver(door ? bridge(door) : loopback(pass.signal));
    // Voice Insights would report a rehearsal to the real Twilio.
    options.publishEvents = false;
  } else {
    options.codecPreferences = ["opus", "pcmu"] as NonNullable<Device.Options["codecPreferences"]>;
  }
  return new Device(pass.token, options);
}

export function rtcConstraints(profile: Profile): MediaStreamConstraints {
  const on = profile === "headset";
  return { audio: { echoCancellation: on, noiseSuppression: on, autoGainControl: on } };
}
