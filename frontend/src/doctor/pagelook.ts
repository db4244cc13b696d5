/** What only a page can see: this computer's microphone and sound output, and whether sound gets through. */

import type { Finding, FindingState, PageFinding, PageLine } from "../backend/contract";
import type { DeskPhone } from "../desk/deskphone.svelte";
import { findingWords } from "../phone/findings";
import type { Lanes } from "../phone/lanes.svelte";
import { Levels } from "../phone/levels";
import { asked } from "../phone/microphone";
import { devices, inUse, type Output, outputWords } from "../phone/output";
import { patchWords } from "../phone/patch.svelte";
import type { Phone } from "../phone/phone.svelte";
import { signallingOf, soundOf } from "./way";

type Found = Pick<Finding, "state" | "what" | "do">;

const found = (state: FindingState, what: string, what2do?: string): Found =>
  what2do === undefined ? { state, what } : { state, what, do: what2do };

/** A headset that is also the microphone often has the sound of a telephone, both ways. */
const handsFree = (label: string) => /hands-?free/i.test(label);
const narrow = 16_000;

/** How long is listened to the microphone, in ms. */
const listens = 700;

const levels = new Levels();

let looking: Promise<PageFinding[]> | undefined;

/**
 * All that this page finds; of a desk without a phone only that there is none. Who asks meanwhile, here or in
 * a terminal, is told the same: the microphone is listened to once, and one test call made.
 */
export function lookAtPage(desk: DeskPhone, talks: boolean): Promise<PageFinding[]> {
  looking ??= lookOver(desk, talks).finally(() => {
    looking = undefined;
  });
  return looking;
}

async function lookOver(
  { phone, lanes, elsewhere, talkback }: DeskPhone,
  talks: boolean,
): Promise<PageFinding[]> {
  const none = found("unlooked", "This desk talks to nobody, so it has no phone to look at.");
  // A desk with a call has its sound measured there, and its phone is left alone.
  const calls = elsewhere || phone.state !== "off";
  const toHost = !calls && talkback.state !== "off";
  const way = talks && !calls && !toHost ? phone.tryWay().catch(() => undefined) : Promise.resolve(undefined);
  const called = (look: (phone: Phone, elsewhere: boolean) => Found, ofWay: typeof soundOf) => async () => {
    if (toHost) return inTalkback;
    return calls ? look(phone, elsewhere) : ofWay(await way);
  };
  const looks: [PageLine, () => Found | Promise<Found>][] = [
    ["microphone", () => microphone(phone)],
    ["output", () => output(phone)],
    ["sound", called(sound, soundOf)],
    ["signalling", called(signalling, signallingOf)],
  ];
  if (lanes.count > 1 || lanes.patch.used) looks.push(["lanes", () => devicesOf(lanes)]);
  if (/Windows/.test(navigator.userAgent)) looks.push(["ducking", ducking]);
  return Promise.all(
    looks.map(async ([id, look]) => {
      const began = performance.now();
      const is = talks ? await look() : none;
      return { id, ...is, tookMs: Math.round(performance.now() - began) };
    }),
  );
}

async function microphone(phone: Phone): Promise<Found> {
  if (!navigator.mediaDevices)
    return found(
      "wrong",
      "The browser gives this page no microphone.",
      "Open the desk at its https:// address, or on the station's own computer.",
    );
  const allowed = await navigator.permissions
    .query({ name: "microphone" as PermissionName })
    .then(({ state }) => state)
    .catch(() => "prompt");
  if (allowed === "denied")
    return found(
      "wrong",
      "The browser does not let this page use the microphone.",
      "Allow it beside the page's address, then reload the page.",
    );
  if (allowed !== "granted")
    return found(
      "unlooked",
      "The browser has not been asked for the microphone yet.",
      "Connect the phone and allow the microphone, then look again.",
    );
  try {
    const stream = await navigator.mediaDevices.getUserMedia({ audio: asked(phone.profile.value) });
    try {
      return await listen(stream);
    } finally {
      levels.detach();
      for (const track of stream.getTracks()) track.stop();
    }
  } catch (error) {
    return notOpened(error instanceof DOMException ? error.name : "");
  }
}

function notOpened(why: string): Found {
  if (why === "NotFoundError")
    return found("wrong", "This computer has no microphone.", "Plug one in, then look again.");
  if (why === "NotReadableError")
    return found(
      "wrong",
      "The microphone cannot be opened: another program may have it for itself.",
      "End that program, or choose another microphone in this computer's settings.",
    );
  return found("wrong", "The microphone cannot be opened.", "Look at it in this computer's settings.");
}

async function listen(stream: MediaStream): Promise<Found> {
  const [track] = stream.getAudioTracks();
  const label = track?.label || "The microphone";
  const rate = track?.getSettings().sampleRate;
  if (handsFree(label) || (rate !== undefined && rate <= narrow))
    return found(
      "wrong",
      `${label} is in its hands-free mode, which sounds like a telephone.`,
      "Connect the headset by its cable or its own adapter, or choose another microphone.",
    );
  levels.attach(stream, undefined);
  let loudest = levels.mic();
  let alive = levels.micAlive();
  for (const end = performance.now() + listens; performance.now() < end; ) {
    await new Promise((soon) => setTimeout(soon, 100));
    loudest = Math.max(loudest, levels.mic());
    alive = levels.micAlive() || alive;
  }
  if (alive === undefined)
    return found(
      "unlooked",
      `${label} is open; the browser lets nothing be heard of it yet.`,
      "Press Look again.",
    );
  if (!alive)
    return found(
      "wrong",
      `${label} is silent.`,
      "Look at its switch, the console's send, and the input in this computer's settings.",
    );
  return found("fine", `${label} is open and hears something (${Math.round(loudest)} dBFS).`);
}

async function output(phone: Phone): Promise<Found> {
  const { trouble } = phone.heard.listening;
  if (trouble) return found("wrong", outputWords(trouble), "Choose the output, then look again.");
  const listed = (await navigator.mediaDevices?.enumerateDevices().catch(() => [])) ?? [];
  const outputs: Output[] = listed
    .filter((d) => d.kind === "audiooutput" && d.deviceId)
    .map((d) => ({ id: d.deviceId, label: d.label, group: d.groupId }));
  const used = inUse(outputs);
  if (used && handsFree(used.label))
    return found(
      "wrong",
      `You hear through ${used.label}, in its hands-free mode.`,
      "Choose the headset's other output, or another microphone, in this computer's settings.",
    );
  if (used) return found("fine", `You hear through ${used.label}.`);
  const names = devices(outputs).map((o) => o.label);
  if (names.length)
    return found(
      "unlooked",
      `The browser does not say which of the sound outputs it uses: ${names.join(", ")}.`,
      "Listen to a caller, or look in this computer's settings.",
    );
  return found(
    "unlooked",
    "The browser lists no sound output.",
    "Connect the phone, which lets it, then look again.",
  );
}

function sound({ state, trouble, heard }: Phone, elsewhere: boolean): Found {
  if (elsewhere) return onAnotherPage;
  if (state === "on" && heard.flows) return found("fine", "Sound passes both ways on this desk's phone now.");
  if (trouble)
    return found("wrong", trouble.text, "If it stays so, look whether UDP gets out of this network.");
  return found(
    "unlooked",
    "The phone is connecting, and no sound has passed yet.",
    "Look again in a moment; if it stays so, UDP is blocked on the way to Twilio.",
  );
}

function signalling({ state }: Phone, elsewhere: boolean): Found {
  if (elsewhere) return onAnotherPage;
  return state === "on"
    ? found("fine", "This desk's phone has reached Twilio's signalling.")
    : found("unlooked", "The phone is connecting.", "Look again in a moment.");
}

/** The doctor sends no tone through a console by itself: it says what the lanes' own check has found. */
function devicesOf({ patch, check, count }: Lanes): Found {
  const [trouble] = patch.troubles;
  if (trouble)
    return found("wrong", patchWords(trouble, count), "Look at Sound devices, in the Phone panel.");
  const said = check.findings.map(findingWords);
  if (!said.length)
    return found(
      "unlooked",
      "These sound devices have not been checked since they were chosen.",
      "Press Check the devices, in the Phone panel, before the show.",
    );
  const wrong = said.findIndex(({ ok }) => !ok);
  return wrong < 0
    ? found("fine", "The check has found nothing wrong with the devices.")
    : found(
        "wrong",
        `${count > 1 ? `Lane ${wrong + 1}: ` : ""}${said[wrong]?.text}`,
        "Then press Check the devices again, in the Phone panel.",
      );
}

const onAnotherPage = found(
  "unlooked",
  "This desk's phone is in a call on another page, and is left alone.",
  "Look there, or when nobody is on air.",
);

const inTalkback = found(
  "unlooked",
  "This desk talks to the host now, and its call is left alone.",
  "Look again afterwards.",
);

const ducking = (): Found =>
  found(
    "unlooked",
    "A page cannot see whether Windows lowers other sound during calls.",
    'In Windows\' sound settings, under Communications, choose "Do nothing".',
  );
