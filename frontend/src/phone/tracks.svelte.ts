import { type Backend, Refused, type TracksKept } from "../backend/backend";
import type { Taps } from "./mix";
import type { Piece } from "./tracks.worklet";
import worklet from "./tracks.worklet?worker&url";

/** How much is kept here while the station does not take it, in bytes: two and a half minutes of seven tracks. */
const mostKept = 100e6;
/** The pause before the station is asked again: one that does not answer, and one whose disk is full, in ms. */
const pauses = { lost: 1_000, disk: 10_000 };
/** What the station will never take, from this page: it goes on with the next. */
const never = ["phone_off_line", "not_allowed", "show_closed", "bad_field", "body_too_long", "wrong_type"];
const disk = ["tracks_full", "tracks_longest", "tracks_disk"];

/** A chunk of sound, on its way. */
interface Chunk {
  studio: string;
  head: Record<string, unknown>;
  sound: Piece["sound"];
  bytes: number;
  seconds: number;
  /** When its end was heard, by the page's clock. */
  heard: number;
}

/** What the recording must know of the desk. */
interface Around {
  /** The studio that is shown, by its id. */
  studio(): string;
  /** Whether this show's tracks are recorded and somebody is on air. */
  wanted(): boolean;
  /** What can be recorded, on the page that mixes the lanes. */
  taps(): Taps | undefined;
}

/**
 * Records each lane and the microphone by themselves while somebody is on air, all by the clock of the mix, and hands
 * them to the station in chunks, one after the other. What the station has not said to be on its disk is kept here.
 */
export class Tracks {
  readonly #backend: Backend;
  readonly #around: Around;
  #node: AudioWorkletNode | undefined;
  /** The context that is recorded, or is about to be. */
  #context: AudioContext | undefined;
  #on = false;
  #host = false;
  /** Tells this run of the context's clock from all others, and where its recording began. */
  #take = "";
  #from: number | undefined;
  #number = 0;
  #waiting: Chunk[] = [];
  /** What the station has taken and not yet said to be on its disk. */
  #taken: Chunk[] = [];
  #run: string | undefined;
  #sends = false;
  /** How many seconds of sound wait for the station, and how many it could not be given at all. */
  behind = $state(0);
  lost = $state(0);
  /** Why the browser cannot record. */
  trouble = $state<string>();

  constructor(backend: Backend, around: Around) {
    this.#backend = backend;
    this.#around = around;
  }

  /** Takes in that the phone, who is on air or the show are others than before. */
  follow() {
    const taps = this.#around.taps();
    const wanted = taps !== undefined && this.#around.wanted();
    if (taps) this.#host = taps.host;
    if (wanted && this.#context !== taps.context) void this.#begin(taps);
    if (this.#on === wanted) return;
    this.#on = wanted;
    this.#node?.port.postMessage(wanted);
  }

  async #begin({ context, tracks }: Taps) {
    this.#node?.port.postMessage(false);
    this.#node?.disconnect();
    this.#node = undefined;
    this.#context = context;
    this.trouble = undefined;
    try {
      await context.audioWorklet.addModule(worklet);
      if (this.#context !== context) return;
      const node = new AudioWorkletNode(context, "tracks", {
        numberOfInputs: tracks.length,
        channelCount: 1,
        channelCountMode: "explicit",
      });
      for (const [n, track] of tracks.entries()) track.connect(node, 0, n);
      node.connect(context.destination); // silence: what leads nowhere may not run
      this.#take = newTake();
      this.#from = undefined;
      this.#number = 0;
      const [take, studio] = [this.#take, this.#around.studio()];
      node.port.onmessage = ({ data }: MessageEvent<Piece>) => this.#came(data, studio, take, context);
      this.#node = node;
      node.port.postMessage(this.#on);
    } catch {
      this.#context = undefined;
      this.trouble = "This browser cannot record. Use another one, such as Chrome.";
    }
  }

  #came({ at, frames, tracks, sound }: Piece, studio: string, take: string, context: AudioContext) {
    const rate = context.sampleRate;
    if (take === this.#take) this.#from ??= at;
    const head = {
      take,
      number: ++this.#number,
      rate,
      from: this.#from ?? at,
      at,
      frames,
      tracks,
      host: this.#host,
    };
    // A busy page hears of it late; the clock says when it was.
    const late = Math.max(0, context.currentTime - (at + frames) / rate);
    const heard = performance.now() - late * 1000;
    const bytes = sound.reduce((sum, samples) => sum + samples.byteLength, 0);
    this.#waiting.push({ studio, head, sound, bytes, seconds: frames / rate, heard });
    this.#forget();
    this.#count();
    void this.#send();
  }

  /** Lets the oldest go where there is more than can be kept. */
  #forget() {
    let all = [...this.#taken, ...this.#waiting].reduce((sum, chunk) => sum + chunk.bytes, 0);
    while (all > mostKept) {
      const oldest = this.#taken.shift() ?? this.#waiting.shift();
      if (!oldest) return;
      all -= oldest.bytes;
      this.lost += oldest.seconds;
    }
  }

  #count() {
    this.behind = this.#waiting.reduce((sum, chunk) => sum + chunk.seconds, 0);
  }

  async #send() {
    if (this.#sends) return;
    this.#sends = true;
    for (let chunk = this.#waiting[0]; chunk; chunk = this.#waiting[0]) {
      const result = await this.#backend.track(chunk.studio, written(chunk)).catch((error: unknown) => error);
      if (result instanceof Error && !(result instanceof Refused && never.includes(result.code))) {
        const full = result instanceof Refused && disk.includes(result.code);
        await new Promise((again) => setTimeout(again, full ? pauses.disk : pauses.lost));
        continue;
      }
      this.#waiting = this.#waiting.filter((other) => other !== chunk); // it may have been let go meanwhile
      if (!(result instanceof Error)) this.#keep(chunk, result as TracksKept);
      this.#count();
    }
    this.#sends = false;
  }

  #keep(chunk: Chunk, { run, synced }: TracksKept) {
    if (this.#run !== undefined && run !== this.#run) {
      this.#waiting = [...this.#taken, ...this.#waiting]; // the station may have lost it
      this.#taken = [];
    }
    this.#run = run;
    this.#taken = synced ? [] : [...this.#taken, chunk];
  }
}

/** A name that no other take has. */
function newTake(): string {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((b) => b.toString(16).padStart(2, "0")).join("");
}

/** A chunk as it is sent: a line of JSON, then the samples of each track, of 16 bits, the lower byte first. */
function written({ head, sound, heard, bytes }: Chunk): Uint8Array<ArrayBuffer> {
  const ago = Math.max(0, Math.round(performance.now() - heard));
  const line = new TextEncoder().encode(`${JSON.stringify({ ...head, ago })}\n`);
  const all = new Uint8Array(line.length + bytes);
  all.set(line);
  let at = line.length;
  for (const samples of sound) {
    // Every processor that a browser runs on has this order itself.
    all.set(new Uint8Array(samples.buffer), at);
    at += samples.byteLength;
  }
  return all;
}
