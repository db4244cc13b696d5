/** How the softphone's Device is set up. */
import { Device, type PreflightTest } from "@twilio/voice-sdk";
import type { SignalDoor } from "../backend/backend";
import type { PhonePass } from "../backend/contract";
import { asked, type Profile } from "./microphone";
import type { Leg, Mix } from "./mix";
import { bridge, loopback, streamOver } from "./signal";
import silent from "./silence.wav?url&no-inline";
import { renewsBefore } from "./turns";

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

/** Connections of which onPeer gets to know each change of their state. */
function watched(onPeer: (peer: RTCPeerConnection) => void) {
  return class extends RTCPeerConnection {
    constructor(configuration?: RTCConfiguration) {
      super(configuration);
      this.addEventListener("connectionstatechange", () => onPeer(this));
    }
  };
}

/** What every Device is set up with: where it connects to, and that it makes no sound of its own. */
function common(pass: PhonePass, door: SignalDoor | undefined): Device.Options & PrivateOptions {
  return {
    appName: "callin",
    sounds,
    disableAudioContextSounds: true,
    enableImprovedSignalingErrorPrecision: true,
    logLevel: "error",
    ...(pass.edge && { edge: pass.edge }),
    ...(pass.signal
      ? {
          PStream: streamOver(door ? bridge(door) : loopback(pass.signal)),
          // Voice Insights would report a rehearsal to the real Twilio.
          publishEvents: false,
        }
      : { codecPreferences: ["opus", "pcmu"] as NonNullable<Device.Options["codecPreferences"]> }),
  };
}

/** How long a test call may take to connect, and to be over, in ms. */
const connects = 8_000;
const over = 16_000;

/**
 * Tries the way to Twilio by a call of the SDK's own (preflight). It says a quiet tone of its own, so that no
 * microphone is opened; nothing of it is heard, here or elsewhere.
 */
export async function tryWay(pass: PhonePass, door: SignalDoor | undefined): Promise<Way> {
  const began = performance.now();
  const way: Way = { taken: false, flows: false };
  const context = new AudioContext();
  const tone = new OscillatorNode(context, { frequency: 440 });
  const says = context.createMediaStreamDestination();
  tone.connect(new GainNode(context, { gain: 0.1 })).connect(says);
  tone.start();
  class Trying extends Device {
    constructor(token: string, options: object) {
      const own = {
        ...common(pass, door),
        fileInputStream: says.stream,
        RTCPeerConnection: watched((peer) => {
          if (peer.connectionState === "connected") way.flows = true;
        }),
      };
      super(token, { ...options, ...own } as Device.Options);
      this.once("registered", () => {
        way.signallingMs = Math.round(performance.now() - began);
      });
    }
  }
  const options: PreflightTest.Options = {
    signalingTimeoutMs: connects,
    ...({ deviceFactory: Trying } as object),
  };
  const test = Device.runPreflight(pass.token, options);
  try {
    await new Promise<void>((done) => {
      const late = setTimeout(done, over);
      const end = () => {
        clearTimeout(late);
        done();
      };
      test.on("connected", () => {
        way.taken = true;
      });
      test.on("completed", (report) => {
        way.edge = report.edge;
        if (report.stats)
          way.sound = {
            mos: report.stats.mos.average,
            rttMs: Math.round(report.stats.rtt.average),
            jitterMs: Math.round(report.stats.jitter.average),
          };
        end();
      });
      test.on("failed", (error: { code?: number }) => {
        way.code = error.code;
        end();
      });
    });
  } finally {
    if (test.status !== "completed" && test.status !== "failed") test.stop();
    tone.stop();
    await context.close();
  }
  return way;
}

/** What a test call has found of the way to Twilio. */
export interface Way {
  /** How long signalling took to let the page in; absent where it did not. */
  signallingMs?: number;
  /** The edge that it came to. */
  edge?: string | undefined;
  /** Whether the station took the call. */
  taken: boolean;
  /** Whether there was a way for sound. */
  flows: boolean;
  sound?: { mos: number; rttMs: number; jitterMs: number };
  /** The SDK's code of what went wrong. */
  code?: number | undefined;
}

/** A Device for one call. onPeer gets the call's own connection when its state changes. */
export function newDevice(
  pass: PhonePass,
  door: SignalDoor | undefined,
  profile: Profile,
  mixed: Mixed | undefined,
  onPeer: (peer: RTCPeerConnection) => void,
): Device {
  const options: Device.Options & PrivateOptions = {
    ...common(pass, door),
    maxCallSignalingTimeoutMs: keptFor,
    RTCPeerConnection: watched(onPeer),
    ...(mixed && {
      tokenRefreshMs: renewsBefore,
      getUserMedia: () => mixed.mix.returnOf(mixed.leg),
    }),
  };
  const device = new Device(pass.token, options);
  if (mixed) device.audio?.addProcessor(mixed.mix.processor(mixed.leg), true).catch(() => {});
  else treat(device, profile).catch(() => {});
  return device;
}

/** A call of a mix, whose sound a Device carries. */
export interface Mixed {
  mix: Mix;
  leg: Leg;
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
