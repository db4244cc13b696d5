import { type ChildProcess, execFileSync, spawn, spawnSync } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium, type LaunchOptions } from "@playwright/test";
import { whole } from "./chromium";
import { test as base, expect } from "./test";

/** What is recorded to hear what a device plays: samples a second, how many seconds, and its parts, in s. */
const rate = 16_000;
const seconds = 0.5;
const part = 0.1;
/** A pilot tone that is this much weaker, in dB, than a full one is not heard. */
const floor = -60;

/**
 * A computer's sound devices, with nobody at them, by PulseAudio: outputs whose sound can be read, and inputs that
 * each hear a tone of their own. Chromium uses them as it uses any.
 */
export class Soundcard {
  readonly #modules = new Map<string, string[]>();

  private constructor(
    private readonly folder: string,
    private readonly server: ChildProcess,
  ) {}

  private get address(): string {
    return `unix:${join(this.folder, "socket")}`;
  }

  /** Whether this computer can have them. */
  static readonly isToBeHad = spawnSync("pulseaudio", ["--version"]).status === 0;

  static async begin(): Promise<Soundcard> {
    const folder = await mkdtemp(join(tmpdir(), "callin-sound-"));
    const socket = join(folder, "socket");
    const server = spawn(
      "pulseaudio",
      ["-n", "--daemonize=no", "--exit-idle-time=-1", "--use-pid-file=no", "--disable-shm=yes"].concat(
        "-L",
        `module-native-protocol-unix auth-anonymous=1 socket=${socket}`,
      ),
      { env: { ...process.env, HOME: folder, XDG_RUNTIME_DIR: folder }, stdio: "ignore" },
    );
    const card = new Soundcard(folder, server);
    await expect.poll(() => card.listens(), { intervals: [50] }).toBe(true);
    return card;
  }

  async end(): Promise<void> {
    const ended = new Promise((done) => this.server.once("exit", done));
    this.server.kill();
    await ended;
    await rm(this.folder, { recursive: true, force: true });
  }

  /** What makes a browser use these devices, and none of its own making. */
  browser(options: LaunchOptions): LaunchOptions {
    const made = /^--use-(fake-device|file)-for/;
    return {
      ...options,
      executablePath: whole,
      ignoreDefaultArgs: ["--mute-audio"],
      args: (options.args ?? []).filter((arg) => !made.test(arg)),
      env: { ...process.env, PULSE_SERVER: this.address } as Record<string, string>,
    };
  }

  private listens(): boolean {
    return spawnSync("pactl", ["info"], { env: { ...process.env, PULSE_SERVER: this.address } }).status === 0;
  }

  private pactl(...words: string[]): string {
    return execFileSync("pactl", words, { env: { ...process.env, PULSE_SERVER: this.address } })
      .toString()
      .trim();
  }

  private load(name: string, ...words: string[]): string {
    const loaded = this.#modules.get(name) ?? [];
    const id = this.pactl("load-module", ...words);
    this.#modules.set(name, [...loaded, id]);
    return id;
  }

  /** Makes what a module plays weaker, by so many dB. */
  private weaken(module: string, by: number) {
    const playing = JSON.parse(this.pactl("--format=json", "list", "sink-inputs")) as {
      index: number;
      owner_module: number | string;
    }[];
    const its = playing.find(({ owner_module }) => String(owner_module) === module);
    this.pactl("set-sink-input-volume", `${its?.index}`, `${-by}dB`);
  }

  /** Plugs an output in. The first one is the computer's choice. */
  output(name: string) {
    this.load(name, "module-null-sink", `sink_name=${name}`, `sink_properties=device.description=${name}`);
  }

  /** Plugs an input in that hears a tone of hz all the time, by so many dB weaker than the strongest one that there can be. The first one is the computer's choice. */
  input(name: string, hz: number, weaker = 0) {
    const hears = `${name}-hears`;
    this.load(name, "module-null-sink", `sink_name=${hears}`, `sink_properties=device.description=${hears}`);
    this.weaken(this.load(name, "module-sine", `sink=${hears}`, `frequency=${hz}`), weaker);
    this.load(
      name,
      "module-remap-source",
      `master=${hears}.monitor`,
      `source_name=${name}`,
      `source_properties=device.description=${name}`,
    );
  }

  /** Lets an input hear an output, as a console does, weaker by so many dB and later by so many ms. */
  wire(output: string, input: string, { weaker = 0, ms = 20 } = {}) {
    const [source, sink] = [`source=${output}.monitor`, `sink=${input}-hears`];
    const wire = `${output} to ${input}`;
    const id = this.load(wire, "module-loopback", source, sink, `latency_msec=${ms}`);
    this.weaken(id, weaker);
  }

  unwire = (output: string, input: string) => this.unplug(`${output} to ${input}`);

  /** Mutes an input in this computer's settings, or takes that back. */
  mute = (input: string, on: boolean) => this.pactl("set-source-mute", input, on ? "1" : "0");

  /** What this computer's settings have as its choice. */
  choose(output: string, input: string) {
    this.pactl("set-default-sink", output);
    this.pactl("set-default-source", input);
  }

  unplug(name: string) {
    for (const id of this.#modules.get(name)?.reverse() ?? []) this.pactl("unload-module", id);
    this.#modules.delete(name);
  }

  /** How strong a tone is that an output plays, in dB to the strongest one that there can be. */
  level(name: string, hz: number): number {
    const bytes = rate * seconds * 2;
    const script = `parec --device=${name}.monitor --format=s16le --rate=${rate} --channels=1 --latency-msec=20 | head -c ${bytes}`;
    const sound = execFileSync("sh", ["-c", script], {
      env: { ...process.env, PULSE_SERVER: this.address },
      stdio: ["ignore", "pipe", "ignore"], // head ends first, and parec says so
      timeout: 10_000,
    });
    // The median of parts: where sound breaks up for a moment, as on a busy machine, there is some of every tone.
    const count = Math.round(rate * part);
    const levels: number[] = [];
    for (let start = 0; start + count <= sound.length / 2; start += count / 2) {
      let [re, im] = [0, 0];
      for (let i = 0; i < count; i++) {
        const fade = 0.5 - 0.5 * Math.cos((2 * Math.PI * i) / count);
        const sample = (sound.readInt16LE(2 * (start + i)) / 32768) * fade;
        re += sample * Math.cos((2 * Math.PI * hz * i) / rate);
        im += sample * Math.sin((2 * Math.PI * hz * i) / rate);
      }
      levels.push(20 * Math.log10((4 * Math.hypot(re, im)) / count + 1e-9));
    }
    return levels.sort((a, b) => a - b)[levels.length >> 1] ?? Number.NEGATIVE_INFINITY;
  }

  /** Waits until an output plays these tones of all that there are, and none of the others. */
  async plays(name: string, tones: number[], all: number[]): Promise<void> {
    const now = () => all.filter((hz) => this.level(name, hz) > floor);
    await expect.poll(now, { message: `what ${name} plays`, intervals: [200] }).toEqual(tones);
  }
}

/** Devices that are plugged in from the beginning; the first of each kind is the computer's choice. */
interface Devices {
  outputs: string[];
  /** Names, and what each hears: hertz, and by how many dB weaker than the strongest that there can be. */
  inputs: [name: string, hz: number, weaker?: number][];
}

interface Fixtures {
  devices: Devices;
  /** The sound devices of the computer on which the page is open. */
  card: Soundcard;
  /** Chooses a device for a lane, counted from 1; for the one line of all callers where that is undefined. */
  choose: (lane: number | undefined, label: string, name: string) => Promise<void>;
}

/** A desk on a computer with sound devices of its own. */
export const test = base.extend<Fixtures>({
  devices: [{ outputs: [], inputs: [] }, { option: true }],

  card: async ({ devices: { outputs, inputs } }, use, info) => {
    info.skip(!Soundcard.isToBeHad, "PulseAudio is not installed");
    const card = await Soundcard.begin();
    for (const name of outputs) card.output(name);
    for (const input of inputs) card.input(...input);
    card.choose(outputs[0] as string, inputs[0]?.[0] as string);
    await use(card);
    await card.end();
  },

  page: async ({ card, launchOptions }, use) => {
    const browser = await chromium.launch(card.browser(launchOptions));
    await use(await (await browser.newContext({ permissions: ["microphone"] })).newPage());
    await browser.close();
  },

  choose: async ({ desk }, use) => {
    const phone = desk.region("Phone");
    await phone.getByText("Sound devices", { exact: true }).click();
    await use(async (lane, label, name) => {
      const group = lane === undefined ? "All callers" : `Lane ${lane}`;
      await phone.getByRole("group", { name: group }).getByLabel(label).selectOption({ label: name });
    });
  },
});
