import { mkdtemp, rm } from "node:fs/promises";
import { devNull, tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "@playwright/test";
import { callinBinary, Process } from "./process";

/** A PC that is a desk of a station elsewhere: a process with a folder of its own, and a page. */
export class PC {
  /** Where this PC's own page is, for one browser. */
  url = "";

  private constructor(
    private readonly process: Process,
    private readonly data: string,
  ) {}

  /** Pairs a PC by a code, and has it show the words that the station shows. */
  static async paired(door: string, words: string, code: string): Promise<PC> {
    const data = await mkdtemp(join(tmpdir(), "callin-e2e-pc-"));
    const pairs = ["--station", door, "--code", code];
    const own = ["--data", data, "--settings", devNull, "--no-browser"];
    const process = await Process.start([...pairs, ...own], {}, callinBinary, "pipe");
    const pc = new PC(process, data);
    try {
      expect(await process.line(/^ {4}(\S.*)$/)).toBe(words);
      process.type("yes");
      pc.url = await process.line(/^desk: (http:\S+)$/);
      return pc;
    } catch (error) {
      await pc.end();
      throw error;
    }
  }

  async end(): Promise<void> {
    const info = test.info();
    if (info.status !== info.expectedStatus || info.errors.length)
      await info.attach("pc.log", { body: this.process.log.join("\n") });
    await this.process.end();
    await rm(this.data, { recursive: true, force: true });
  }
}
