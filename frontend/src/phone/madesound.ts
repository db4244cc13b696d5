/** Sounds for tests, at 8000 samples a second: what a telephone has. */
export const rate = 8_000;

const made = (seconds: number, at: (i: number) => number) =>
  Float32Array.from({ length: Math.round(seconds * rate) }, (_, i) => at(i));

/** A sound as loud as level says, in dBFS RMS over what of it counts. */
function as(level: number, sound: Float32Array, counts = sound): Float32Array {
  const power = counts.reduce((all, x) => all + x * x, 0) / counts.length;
  const gain = 10 ** (level / 20) / Math.sqrt(power);
  return sound.map((x) => x * gain);
}

export const sine = (seconds: number, hertz: number, level: number) =>
  as(
    level,
    made(seconds, (i) => Math.sin((2 * Math.PI * hertz * i) / rate)),
  );

/** White noise, the same each time, from a time on. */
export function noise(seconds: number, level: number, from = 0): Float32Array {
  let seed = 1 + from;
  const all = made(seconds, () => {
    seed = (seed * 48_271) % 2_147_483_647;
    return seed / 1_073_741_823.5 - 1;
  });
  return as(level, all).fill(0, 0, from * rate);
}

/**
 * Somebody speaks: four syllables a second of a voice of 130 Hz and its harmonics, each fourth one a pause; the voice,
 * without its pauses, is as loud as level says. After until, in s, nobody does.
 */
export function words(seconds: number, level: number, until = 6): Float32Array {
  const voice = made(seconds, (i) => {
    let sum = 0;
    for (let n = 1; n <= 20; n++) sum += Math.sin((2 * Math.PI * 130 * n * i) / rate + n * n) / n;
    return sum;
  });
  const syllable = (i: number) => (4 * i) / rate;
  const speaks = (i: number) => i < until * rate && Math.floor(syllable(i)) % 4 !== 3;
  const said = voice.map((x, i) => (speaks(i) ? x * Math.sin(Math.PI * (syllable(i) % 1)) ** 2 : 0));
  return as(
    level,
    said,
    said.filter((_, i) => speaks(i)),
  );
}

export const together = (...sounds: Float32Array[]): Float32Array =>
  (sounds[0] ?? new Float32Array()).map((_, i) => sounds.reduce((all, one) => all + (one[i] ?? 0), 0));
