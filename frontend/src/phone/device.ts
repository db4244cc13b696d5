/** How the softphone's Device is set up. */
import { Device } from "@twilio/voice-sdk";
import type { SignalDoor } from "../backend/backend";
import type { PhonePass } from "../backend/contract";
import { asked, type Profile } from "./microphone";
import { bridge, loopback, streamOver } from "./signal";
import silent from "./silence.wav?url&no-inline";

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

/** How long Twilio keeps a call whose signalling is lost, in ms; the most that the SDK asks for. */
export const keptFor = 30_000;

/** A Device for one call. onPeer gets the call's own connection when its state changes. */
export function newDevice(
  pass: PhonePass,
  door: SignalDoor | undefined,
  profile: Profile,
  onPeer: (peer: RTCPeerConnection) => void,
): Device {
  const options: Device.Options & PrivateOptions = {
    appName: "callin",
    sounds,
    disableAudioContextSounds: true,
    enableImprovedSignalingErrorPrecision: true,
    logLevel: "error",
    maxCallSignalingTimeoutMs: keptFor,
    RTCPeerConnection: class extends RTCPeerConnection {
      constructor(configuration?: RTCConfiguration) {
        super(configuration);
        this.addEventListener("connectionstatechange", () => onPeer(this));
      }
    },
  };
  if (pass.edge) options.edge = pass.edge;
  if (pass.signal) {
    options.PStream = streamOver(door ? bridge(door) : loopback(pass.signal));
    // Voice Insights would report a rehearsal to the real Twilio.
    options.publishEvents = false;
  } else {
    options.codecPreferences = ["opus", "pcmu"] as NonNullable<Device.Options["codecPreferences"]>;
  }
  const device = new Device(pass.token, options);
  treat(device, profile).catch(() => {});
  return device;
}

/**
 * Has the microphone opened as the profile asks, now if it is open, and whenever
 * the SDK opens it again: it does so after each change of this computer's
 * devices, and then knows nothing of what the call was begun with.
 */
export async function treat(device: Device, profile: Profile) {
  await device.audio?.setAudioConstraints(asked(profile));
}

/** Opens the microphone anew: this computer's chosen one. */
export async function reopen(device: Device, profile: Profile) {
  const audio = device.audio;
  if (!audio) return;
  const inUse = audio.inputDevice?.deviceId;
  await treat(device, profile); // opens the one in use
  const chosen = audio.availableInputDevices.has("default")
    ? "default"
    : audio.availableInputDevices.keys().next().value;
  if (chosen && chosen !== inUse) await audio.setInputDevice(chosen);
}

export const rtcConstraints = (profile: Profile): MediaStreamConstraints => ({ audio: asked(profile) });
