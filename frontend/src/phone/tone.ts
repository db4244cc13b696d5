/** The tone by which sound devices are tried and levels are lined up, and what tells whether it is heard. */

/** 1 kHz, in Hz, as all line up by. */
export const hertz = 1000;
/** Its level in dBFS, of a sine's peak (EBU R 68). */
export const sent = -18;

/** Blocks in which its beginning is looked for, and by how much each is later than the one before, in s. */
const [block, hop] = [0.04, 0.005];
/** A tone lasts longer than this, in s. */
const lasts = 0.15;

/** A tone without an end, to be connected. */
export function toneIn(context: BaseAudioContext): { out: AudioNode; end(): void } {
  const source = new OscillatorNode(context, { frequency: hertz });
  const out = new GainNode(context, { gain: 10 ** (sent / 20) });
  source.connect(out);
  source.start();
  return {
    out,
    end: () => {
      source.stop();
      out.disconnect();
    },
  };
}

/** How long what is heard is looked at, at once, in s: what breaks up for a moment does not spoil the rest. */
const part = 0.1;

/**
 * How loud it is in the latter half of samples, in dB to the tone as it is sent: in most of their parts, and in the
 * part where it is loudest.
 */
export function loudness(wave: Float32Array, rate: number): { median: number; most: number } {
  const count = Math.min(Math.round(part * rate), wave.length);
  const levels: number[] = [];
  for (let start = Math.floor(wave.length / 2); start + count <= wave.length; start += count / 2)
    levels.push(loudnessAt(wave, rate, Math.floor(start), count));
  levels.sort((a, b) => a - b);
  const none = Number.NEGATIVE_INFINITY;
  return { median: levels[levels.length >> 1] ?? none, most: levels.at(-1) ?? none };
}

/** Its two parts over so many samples, faded in and out, or all that is not a tone would be heard as one. */
function pattern(rate: number, count: number): [Float32Array, Float32Array] {
  const key = `${rate} ${count}`;
  const known = patterns.get(key);
  if (known) return known;
  const fade = (i: number) => 0.5 - 0.5 * Math.cos((2 * Math.PI * i) / count);
  const turn = (i: number) => (2 * Math.PI * hertz * i) / rate;
  const made: [Float32Array, Float32Array] = [
    Float32Array.from({ length: count }, (_, i) => fade(i) * Math.cos(turn(i))),
    Float32Array.from({ length: count }, (_, i) => fade(i) * Math.sin(turn(i))),
  ];
  patterns.set(key, made);
  return made;
}

const patterns = new Map<string, [Float32Array, Float32Array]>();

function loudnessAt(wave: Float32Array, rate: number, start: number, count: number): number {
  const [cosine, sine] = pattern(rate, count);
  let [re, im] = [0, 0];
  for (let i = 0; i < count; i++) {
    const sample = wave[start + i] ?? 0;
    re += sample * (cosine[i] ?? 0);
    im += sample * (sine[i] ?? 0);
  }
  return 20 * Math.log10((4 * Math.hypot(re, im)) / count + 1e-9) - sent;
}

/**
 * How long ago it began, in s before the samples' end; undefined if it is not there, or was there before them. What
 * sounds for less than lasts is a click.
 */
export function began(wave: Float32Array, rate: number, above: number): number | undefined {
  const [count, step] = [Math.round(block * rate), Math.round(hop * rate)];
  let first: number | undefined;
  for (let start = 0; start + count <= wave.length; start += step) {
    if (loudnessAt(wave, rate, start, count) < above) first = undefined;
    else first ??= start;
    if (first === undefined || start - first < lasts * rate) continue;
    return first === 0 ? undefined : (wave.length - first - count / 2) / rate;
  }
  return undefined;
}
