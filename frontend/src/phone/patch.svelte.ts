import { kept } from "../parts/kept.svelte";
import type { Mix } from "./mix";
import { devices, inUse } from "./output";
import type { Chosen } from "./strip";

/** What a lane plays through, and what its caller hears. */
export type Way = "output" | "return";

/** The devices of one lane, by their names, which outlive an unplugging; without one the page mixes. */
type LaneDevices = Partial<Record<Way, string>>;

/** How often is looked, in ms: of a device that goes not every system tells at once. */
const every = 1_500;

const kinds: Record<Way, MediaDeviceKind> = { output: "audiooutput", return: "audioinput" };

/** What is wrong with a device: a lane's, or the one that the cue plays through, which is no lane's. */
export interface PatchTrouble {
  /** From 0; undefined for the cue. */
  lane: number | undefined;
  way: Way;
  name: string;
  /**
   * gone: none is called so now. back: it is there again, and used in a moment. several: more than one is called so.
   * refused: the system does not let it be used. lost: it is back, but only a browser that is started anew has it. heard: a lane plays through it, so that listeners would hear the cue.
   */
  kind: "gone" | "back" | "several" | "refused" | "lost" | "heard";
}

/**
 * Which of this computer's sound devices each lane plays through, and which its caller hears: a console's channels
 * and its returns. They are named, and never stand for "the computer's choice": what is gone plays nowhere else.
 */
export class Patch {
  readonly #chosen = kept<LaneDevices[]>("callin.patch", []).follow();
  readonly #cue = kept("callin.cue", "").follow();
  /** The names that there are to choose from. */
  names = $state.raw<Record<Way, string[]>>({ output: [], return: [] });
  troubles = $state.raw<PatchTrouble[]>([]);
  /** Whether there is an output for the host's ears alone, and works. */
  cueWorks = $state(false);
  readonly #mix: () => Mix | undefined;
  readonly #lanes: () => number;
  readonly #onReturns: () => void;
  readonly #onChange: () => void;
  #timer: ReturnType<typeof setInterval> | undefined;
  /** The devices that the latest look has found, and what was wrong with them. */
  #used = "";
  /** One look follows the other: an output that is ended while it begins can stay silent. */
  #looked = Promise.resolve();

  /** onReturns is told when callers hear other devices, onChange also when lanes play through others, or through none. */
  constructor(mix: () => Mix | undefined, lanes: () => number, onReturns: () => void, onChange: () => void) {
    this.#mix = mix;
    this.#lanes = lanes;
    this.#onReturns = onReturns;
    this.#onChange = onChange;
    navigator.mediaDevices?.addEventListener("devicechange", () => {
      if (this.#timer) void this.look();
    });
  }

  /** Whether this browser can play through another output than the computer's choice. */
  readonly canPlay = typeof AudioContext !== "undefined" && "setSinkId" in AudioContext.prototype;

  /** The lanes come onto the line: from now on devices are looked for. */
  begin(): Promise<void> {
    this.#timer ??= setInterval(() => void this.look(), every);
    return this.look();
  }

  end() {
    if (!this.#timer) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.troubles = [];
    this.cueWorks = false;
  }

  /** The name of the device that is chosen for a lane; none where the page mixes. */
  at = (lane: number, way: Way): string => this.#chosen.value[lane]?.[way] ?? "";

  /** The name of the output that the cue plays through; "" for none: then there is no cue. */
  get cue(): string {
    return this.#cue.value;
  }

  set cue(name: string) {
    this.#cue.value = name;
    void this.look();
  }

  /** Whether a device is chosen for any lane. */
  get used(): boolean {
    return this.#chosen.value.slice(0, this.#lanes()).some((devices) => devices.output || devices.return);
  }

  /** Chooses by name; "" has the page mix again. */
  choose(lane: number, way: Way, name: string) {
    const { [way]: _, ...other } = this.#chosen.value[lane] ?? {};
    this.#use(lane, [name ? { ...other, [way]: name } : other]);
  }

  /** Chooses for as many lanes, from the first one on. */
  fill = (devices: LaneDevices[]) => this.#use(0, devices);

  #use(first: number, devices: LaneDevices[]) {
    const all = Array.from({ length: Math.max(this.#lanes(), this.#chosen.value.length) }, (_, lane) => ({
      ...(devices[lane - first] ?? this.#chosen.value[lane]),
    }));
    this.#chosen.value = all;
    void this.look();
  }

  /** Which lanes have one device, in words: it may be meant. */
  get shared(): string[] {
    return (["output", "return"] as Way[]).flatMap((way) => {
      const lanes = new Map<string, number[]>();
      for (let lane = 0; lane < this.#lanes(); lane++) {
        const name = this.at(lane, way);
        if (name) lanes.set(name, [...(lanes.get(name) ?? []), lane + 1]);
      }
      const have = way === "output" ? "play through one output" : "have one return";
      return [...lanes]
        .filter(([, of]) => of.length > 1)
        .map(([name, of]) => `Lanes ${of.join(", ")} ${have}: ${name}.`);
    });
  }

  /** Finds the devices by their names as they are now, and has the mix use them. */
  look(): Promise<void> {
    this.#looked = this.#looked.then(() => this.#look());
    return this.#looked;
  }

  async #look() {
    const all = await navigator.mediaDevices.enumerateDevices().catch(() => undefined);
    if (!all) return;
    const of = (way: Way) =>
      all
        .filter((d) => d.kind === kinds[way])
        .map((d) => ({ id: d.deviceId, label: d.label, group: d.groupId }));
    const named = (way: Way) => devices(of(way)).filter((d) => d.id && d.label);
    const outputs = of("output");
    const there = { output: named("output"), return: named("return") };
    this.#show({
      output: [...new Set(there.output.map((d) => d.label))],
      return: [...new Set(there.return.map((d) => d.label))],
    });
    const mix = this.#mix();
    if (!mix) return;
    const troubles: PatchTrouble[] = [];
    const find = (lane: number | undefined, way: Way, name: string): Chosen => {
      if (!name) return undefined;
      const [one, another] = there[way].filter((d) => d.label === name);
      const back = one && way === "output" && mix.settles(one.id);
      if (one && !another && !back) return one.id;
      troubles.push({ lane, way, name, kind: another ? "several" : back ? "back" : "gone" });
      return null;
    };
    // What plays before a fader may never come out elsewhere. Where the sound server (PulseAudio) has moved a lost output's
    // stream to its own choice, Chromium keeps that stream, and gave it to the next that used the output, after a reload too.
    const cueOf = (name: string): Chosen => {
      const device = there.output.find((d) => d.label === name)?.id;
      if (!device || !mix.wasLost(device)) return find(undefined, "output", name);
      troubles.push({ lane: undefined, way: "output", name, kind: "lost" });
      return null;
    };
    const lanes = Array.from({ length: this.#lanes() }, (_, lane) => lane);
    const each = (way: Way) => lanes.map((lane) => find(lane, way, this.at(lane, way)));
    const [plays, hears] = [each("output"), each("return")];
    const heard = lanes.some((lane) => (this.at(lane, "output") || inUse(outputs)?.label) === this.cue);
    if (heard && this.cue) troubles.push({ lane: undefined, way: "output", name: this.cue, kind: "heard" });
    const cue = heard ? null : cueOf(this.cue);
    const refused = (lane: number, way: Way) =>
      troubles.push({ lane, way, name: this.at(lane, way), kind: "refused" });
    for (const lane of lanes) await mix.play(lane, plays[lane]).catch(() => refused(lane, "output"));
    await mix
      .cueThrough(cue)
      .catch(() => troubles.push({ lane: undefined, way: "output", name: this.cue, kind: "refused" }));
    if (await mix.hear(hears).catch(() => true)) this.#onReturns();
    for (const lane of mix.refused) refused(lane, "return");
    this.troubles = troubles;
    this.cueWorks = Boolean(cue) && !troubles.some((t) => t.lane === undefined);
    const used = JSON.stringify([plays, cue, hears, troubles]);
    if (used !== this.#used) this.#onChange();
    this.#used = used;
  }

  #show(names: Record<Way, string[]>) {
    if (JSON.stringify(names) !== JSON.stringify(this.names)) this.names = names;
  }
}

/** What is wrong, and the way back, where there are so many lanes. */
export function patchWords({ lane, way, name, kind }: PatchTrouble, lanes: number): string {
  const what = silentWords(lane, way, lanes);
  switch (kind) {
    case "gone":
      return `${what}: ${name} is gone. It is used again by itself once it is back; or choose another one.`;
    case "back":
      return `${what} for a few seconds more: ${name} is back.`;
    case "several":
      return `${what}: more than one device is called ${name}. Give them different names in this computer's settings.`;
    case "refused":
      return `${what}: ${name} cannot be used. Close what else uses it, or choose another one.`;
    case "lost":
      return `${what}: ${name} was unplugged. Choose another output, or start the browser anew to use this one again.`;
    case "heard":
      return `${what}: callers are heard through ${name} too, so listeners would hear it. Choose another output for one of them.`;
  }
}

function silentWords(lane: number | undefined, way: Way, lanes: number): string {
  if (lane === undefined) return "The cue plays nowhere";
  if (lanes === 1) return way === "output" ? "Callers are heard nowhere" : "Callers hear nobody";
  return way === "output" ? `Lane ${lane + 1} plays nowhere` : `Lane ${lane + 1}: its caller hears nobody`;
}
