import { mkdirSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** The pilot tone that the fake microphone hears, so that the DJ's voice can be found anywhere. */
export const microphone = {
  hz: 1000,
  file: join(tmpdir(), `callin-e2e-${process.getuid?.() ?? 0}`, "microphone.wav"),
};

/** What the fake microphone of a producer's browser hears. */
export const producersMicrophone = {
  hz: 1300,
  file: join(tmpdir(), `callin-e2e-${process.getuid?.() ?? 0}`, "producers-microphone.wav"),
};

/** Writes a microphone's file: whole periods of its tone, which Chromium plays round and round. */
export function recordMicrophone(of: { hz: number; file: string }): void {
  const rate = 48_000;
  const samples = rate * 2;
  const wav = Buffer.alloc(44 + samples * 2);
  wav.write("RIFF", 0);
  wav.writeUInt32LE(36 + samples * 2, 4);
  wav.write("WAVEfmt ", 8);
  wav.writeUInt32LE(16, 16);
  wav.writeUInt16LE(1, 20); // PCM
  wav.writeUInt16LE(1, 22); // mono
  wav.writeUInt32LE(rate, 24);
  wav.writeUInt32LE(rate * 2, 28);
  wav.writeUInt16LE(2, 32);
  wav.writeUInt16LE(16, 34);
  wav.write("data", 36);
  wav.writeUInt32LE(samples * 2, 40);
  for (let i = 0; i < samples; i++) {
    const sample = 0.3 * Math.sin((2 * Math.PI * of.hz * i) / rate);
    wav.writeInt16LE(Math.round(sample * 32767), 44 + 2 * i);
  }
  mkdirSync(join(of.file, ".."), { recursive: true });
  writeFileSync(of.file, wav);
}
