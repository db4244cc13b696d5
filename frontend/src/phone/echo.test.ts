import { expect, test } from "vitest";
import { type Echo, EchoJudge, Envelope } from "./echo";
import { noise, rate, sine, together } from "./madesound";

const voices = ["ana", "ben", "carla", "dmitri", "edith", "farid", "greta", "hugo"] as const;
type Voice = (typeof voices)[number];

/** The rehearsal's voices, as addresses that hold them. */
const files = import.meta.glob<string>("../../../app/rehearsal/stage/voices/*.wav", {
  query: "?inline",
  import: "default",
  eager: true,
});

/** A sample of 8 bits of G.711's μ-law. */
function linear(byte: number): number {
  const bits = ~byte & 255;
  const size = ((((bits & 15) << 3) + 132) << ((bits >> 4) & 7)) - 132;
  return (bits & 128 ? -size : size) / 32_768;
}

/** What a voice of the rehearsal says, as loud as level says while it speaks. */
function sentence(voice: Voice, level: number): Float32Array {
  const file = Object.entries(files).find(([path]) => path.endsWith(`/${voice}.wav`))?.[1] ?? "";
  const bytes = atob(file.slice(file.indexOf(",") + 1));
  const begin = bytes.indexOf("data") + 8;
  const sound = Float32Array.from({ length: bytes.length - begin }, (_, i) =>
    linear(bytes.charCodeAt(begin + i)),
  );
  const loud = sound.filter((x) => Math.abs(x) > 0.003);
  const power = loud.reduce((all, x) => all + x * x, 0) / loud.length;
  return sound.map((x) => (x * 10 ** (level / 20)) / Math.sqrt(power));
}

/** One person speaks sentences, in turn, with a pause after each, in s; between from and to. */
function speech(said: Voice[], pause = 0.4, { level = -20, from = 0, to = seconds } = {}): Float32Array {
  const sentences = said.map((voice) => sentence(voice, level));
  const all = new Float32Array(seconds * rate);
  for (let at = from * rate, n = 0; at < to * rate; n++) {
    const one = sentences[n % sentences.length] ?? new Float32Array();
    all.set(one.subarray(0, Math.max(0, to * rate - at)), at);
    at += one.length + pause * rate;
  }
  return all;
}

/** Who speaks takes turns with another: so long, in s, from a time on, and so long not. */
const turns = (sound: Float32Array, speaks: number, waits: number, from = 0) =>
  sound.map((x, i) => {
    const at = i / rate - from;
    return at >= 0 && at % (speaks + waits) < speaks ? x : 0;
  });

/** Pieces of so many s of who is one of two, in turn, each after a pause of another length; step makes others of these. */
function unevenly(sound: Float32Array, who: 0 | 1, length: number, step: number): Float32Array {
  const all = new Float32Array(sound.length);
  for (let at = 0, n = 0; at < seconds; at += length + 0.05 + ((n * step) % 11) / 50, n++)
    if (n % 2 === who) all.set(sound.subarray(at * rate, (at + length) * rate), at * rate);
  return all;
}

type Changing = number | ((at: number) => number);

/** A sound that comes back later, by ms, and weaker, by dB; both may change with the time in s. */
const back = (sound: Float32Array, later: Changing, weaker: Changing) =>
  sound.map((_, i) => {
    const ms = typeof later === "number" ? later : later(i / rate);
    const by = typeof weaker === "number" ? weaker : weaker(i / rate);
    return (sound[i - Math.round((ms * rate) / 1000)] ?? 0) * 10 ** (-by / 20);
  });

/** A room that goes on sounding for so long, in s. */
function reverberant(sound: Float32Array, length: number): Float32Array {
  const room = noise(length, -10).map((x, i) => x * Math.exp((-6.9 * i) / (length * rate)));
  const size = Math.sqrt(room.reduce((all, x) => all + x * x, 0));
  const grains = [...room.keys()].filter((i) => i % 7 === 0); // enough of it, and quick
  return sound.map((_, i) =>
    grains.reduce((all, k) => all + (((room[k] ?? 0) * Math.sqrt(7)) / size) * (sound[i - k] ?? 0), 0),
  );
}

/** Struck notes, so many a minute. */
function music(pace: number, level: number, notes = 4): Float32Array {
  const beat = (60 / pace) * rate;
  const all = new Float32Array(seconds * rate);
  for (let at = 0, n = 0; at < all.length; at += beat, n++)
    for (let i = 0; i < beat * 1.4; i++) {
      const to = Math.round(at) + i;
      if (to < all.length)
        all[to] =
          (all[to] ?? 0) +
          10 ** (level / 20) *
            Math.sin((2 * Math.PI * (220 + 55 * (n % notes)) * i) / rate) *
            Math.exp(-i / 1_500);
    }
  return all;
}

/** How long each sound is, in s. */
const seconds = 20;
const hum = noise(seconds, -58);
const host = speech(["ben", "dmitri", "hugo"]);
const guest = speech(["ana", "greta", "carla", "edith"], 0.5);

/** What is said in turn, and when that was first, in s. */
function said(sent: Float32Array, says: Float32Array, judge = new EchoJudge()): [Echo, number][] {
  const [goes, comes] = [new Envelope(rate), new Envelope(rate)];
  const all: [Echo, number][] = [];
  for (const [i, x] of sent.entries()) {
    const [to, from] = [goes.push(x), comes.push(says[i] ?? 0)];
    if (to === undefined || from === undefined) continue;
    const echo = judge.push({ sent: to, said: from });
    if (echo !== all.at(-1)?.[0]) all.push([echo, i / rate]);
  }
  return all;
}

const kinds = (sent: Float32Array, says: Float32Array) => said(sent, says).map(([echo]) => echo);

test.each<[string, Float32Array, Float32Array]>([
  ["of −20 dB, 180 ms", host, together(back(host, 180, 20), hum)],
  ["of −28 dB, 700 ms", host, together(back(host, 700, 28), hum)],
  ["of −10 dB, 60 ms", host, together(back(host, 60, 10), hum)],
  ["on a noisy line", host, together(back(host, 180, 20), noise(seconds, -45))],
  [
    "that buffers make later and earlier",
    host,
    together(
      back(host, (at) => 300 + 100 * Math.sin(at / 2), 20),
      hum,
    ),
  ],
  ["in a room that sounds", host, together(reverberant(back(host, 180, 18), 0.3), hum)],
  [
    "with a caller who answers",
    turns(host, 8, 4),
    together(turns(guest, 4, 8, 8), back(turns(host, 8, 4), 180, 20), hum),
  ],
  [
    "with a caller who says yes now and then",
    host,
    together(back(host, 180, 20), turns(guest, 0.5, 2.7, 1), hum),
  ],
  [
    "of a host with a music bed",
    together(host, music(120, -26)),
    together(back(together(host, music(120, -26)), 180, 20), hum),
  ],
])("an echo %s is found within seven seconds", (_, sent, says) => {
  const all = said(sent, says);
  expect(all.map(([echo]) => echo)).toEqual(["none", "echo"]);
  expect(all[1]?.[1]).toBeLessThan(7.1);
});

test.each<[string, Float32Array, Float32Array]>([
  ["a caller who talks at once with the host", host, together(guest, hum)],
  [
    "one who talks softly at once with the host",
    host,
    together(speech(["ana", "edith"], 0.5, { level: -36 }), hum),
  ],
  ["a caller who only answers", turns(host, 4, 3.4), together(turns(guest, 3, 4.4, 4.2), hum)],
  ["quick turns", turns(host, 1.2, 1.4), together(turns(guest, 1, 1.6, 1.4), hum)],
  ["a word for a word", turns(host, 0.5, 0.65), together(turns(guest, 0.45, 0.7, 0.6), hum)],
  ...[
    [0.4, 3],
    [0.5, 3],
    [0.6, 3],
    [0.5, 10],
  ].map(([length = 0, step = 0]): [string, Float32Array, Float32Array] => [
    `a word for a word, now sooner, now later (${length} s, ${step})`,
    unevenly(host, 0, length, step),
    together(unevenly(guest, 1, length, step), hum),
  ]),
  ["music in the background", host, together(music(110, -28), hum)],
  ["two musics of one beat", music(120, -22), together(back(music(120, -26, 3), 130, 0), hum)],
  ["two slow ones", music(70, -22), together(back(music(70, -26, 3), 130, 0), hum)],
  ["two musics", music(118, -22), together(music(124, -26), hum)],
  ["words above music", together(host, music(120, -26)), together(guest, music(96, -34), hum)],
  ["a silent caller", host, new Float32Array(seconds * rate)],
  ["a noisy caller", host, noise(seconds, -38)],
  ["two tones", sine(seconds, 1_000, -14), sine(seconds, 440, -14)],
  ["a tone that comes back", sine(seconds, 1_000, -14), sine(seconds, 1_000, -34)],
  ["an echo of −40 dB, which disturbs nobody", host, together(back(host, 180, 40), noise(seconds, -70))],
])("%s is no echo", (_, sent, says) => {
  expect(kinds(sent, says)).toEqual(["none"]);
});

test("nobody's voices that are heard at once are one another's echo", () => {
  const pairs = voices.map((one, n) => [one, voices[(n + 1) % voices.length] ?? one] as const);
  const wrong = pairs.filter(([one, other], n) => {
    const pause = 0.1 + (n % 7) / 5;
    return kinds(speech([one], pause), together(speech([other], 1.3 - pause / 2), hum)).length > 1;
  });
  expect(wrong).toEqual([]);
});

test("a caller who is sent back to themselves is told from one who sends back", () => {
  const says = together(turns(guest, 6, 2), hum);
  const sent = together(turns(host, 2, 6, 6), back(turns(guest, 6, 2), 60, 0));
  expect(kinds(sent, says)).toEqual(["none", "self"]);
  expect(kinds(back(guest, 120, 10), together(guest, hum))).toEqual(["none", "self"]);
});

test("an echo that grows is said louder before it howls, and so are a loud one and a circle", () => {
  const grows = said(
    host,
    together(
      back(host, 180, (at) => 29 - 1.5 * at),
      hum,
    ),
  );
  expect(grows.map(([echo]) => echo)).toEqual(["none", "echo", "howl"]);
  expect(grows[2]?.[1]).toBeLessThan(13);
  expect(kinds(host, together(back(host, 180, 3), hum)).at(-1)).toBe("howl");
  expect(
    kinds(
      host,
      together(
        back(host, 180, (at) => 15 + Math.sin(at)),
        hum,
      ),
    ),
  ).toEqual(["none", "echo"]);

  const [sent, says] = [turns(host, 5, 4), turns(guest, 4, 5, 5)];
  for (let i = 0; i < sent.length; i++) {
    says[i] = (says[i] ?? 0) + 0.3 * (sent[i - 0.18 * rate] ?? 0);
    sent[i] = (sent[i] ?? 0) + 0.5 * (says[i - 0.06 * rate] ?? 0);
  }
  expect(kinds(sent, says)).toEqual(["none", "echo", "howl"]);
});

test("what was said is taken back once it is over, and stands while nobody speaks who could come back", () => {
  const judge = new EchoJudge();
  said(host, together(back(host, 180, 20), hum), judge);
  for (const sent of [new Float32Array(seconds * rate), sine(seconds, 1_000, -14)])
    expect(said(sent, hum, judge)).toEqual([["echo", expect.any(Number)]]);
  const after = said(host, hum, judge);
  expect(after.map(([echo]) => echo)).toEqual(["echo", "none"]);
  expect(after[1]?.[1]).toBeLessThan(10.5);
});
