/** The ring, as a sound file: two soft tones, the second a fourth lower, twice. Half as loud as can be at its peak. */
const rate = 24_000;
/** In Hz, and from when on, in s. */
const tones = [880, 660, 880, 660].map((hertz, n) => ({ hertz, from: 0.16 * n + (n > 1 ? 0.25 : 0) }));
/** How long it all takes, and how fast a tone dies away, in s. */
const [seconds, dies] = [1.2, 0.09];
const peak = 0.5;

let made: Uint8Array<ArrayBuffer> | undefined;

export function ringWave(): Uint8Array<ArrayBuffer> {
  made ??= make();
  return made;
}

function make(): Uint8Array<ArrayBuffer> {
  const samples = Math.round(seconds * rate);
  const head = 44;
  const wave = new DataView(new ArrayBuffer(head + 2 * samples));
  const text = (at: number, words: string) => {
    for (let n = 0; n < words.length; n++) wave.setUint8(at + n, words.charCodeAt(n));
  };
  text(0, "RIFF");
  wave.setUint32(4, wave.byteLength - 8, true);
  text(8, "WAVEfmt ");
  wave.setUint32(16, 16, true);
  wave.setUint16(20, 1, true); // PCM
  wave.setUint16(22, 1, true); // one channel
  wave.setUint32(24, rate, true);
  wave.setUint32(28, 2 * rate, true);
  wave.setUint16(32, 2, true);
  wave.setUint16(34, 16, true);
  text(36, "data");
  wave.setUint32(40, 2 * samples, true);
  for (let n = 0; n < samples; n++) wave.setInt16(head + 2 * n, 32_767 * peak * at(n / rate), true);
  return new Uint8Array(wave.buffer);
}

/** From −1 to 1: each tone begins within 5 ms, or it would click, and dies away. */
function at(time: number): number {
  return tones.reduce((sum, { hertz, from }) => {
    const t = time - from;
    if (t < 0) return sum;
    return sum + 0.8 * Math.min(1, t / 0.005) * Math.exp(-t / dies) * Math.sin(2 * Math.PI * hertz * t);
  }, 0);
}
