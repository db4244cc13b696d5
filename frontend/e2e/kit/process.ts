import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { resolve } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const here = fileURLToPath(new URL("..", import.meta.url));

export const callinBinary = resolve(here, process.env.CALLIN ?? "../../build/bin/callin");

/** How long a process may take to print its first line; a race build under load is slow. */
const startMs = 15_000;

/** A running callin process. Its log goes into the report of a test that fails. */
export class Process {
  readonly log: string[] = [];
  private constructor(
    private readonly child: ChildProcess,
    /** The first line it printed on standard output. */
    readonly firstLine: string,
    log: string[],
  ) {
    this.log = log;
  }

  static async start(args: string[], env: Record<string, string>): Promise<Process> {
    const child = spawn(callinBinary, args, {
      env: { PATH: process.env.PATH ?? "", HOME: process.env.HOME ?? "", ...env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    const log: string[] = [];
    createInterface({ input: child.stderr as NodeJS.ReadableStream }).on("line", (line) => log.push(line));
    const lines = createInterface({ input: child.stdout as NodeJS.ReadableStream });
    const first = await new Promise<string>((found, failed) => {
      const late = setTimeout(() => failed(new Error(`callin ${args.join(" ")}: nothing printed\n${log.join("\n")}`)), startMs);
      lines.once("line", (line) => {
        clearTimeout(late);
        found(line);
      });
      child.once("exit", (code) => {
        clearTimeout(late);
        failed(new Error(`callin ${args.join(" ")} ended with ${code}\n${log.join("\n")}`));
      });
      child.once("error", failed);
    });
    return new Process(child, first, log);
  }

  get ended(): boolean {
    return this.child.exitCode !== null || this.child.signalCode !== null;
  }

  /** Ends the process and waits until it has gone. */
  async end(signal: NodeJS.Signals = "SIGTERM"): Promise<void> {
    if (this.ended) return;
    const gone = once(this.child, "exit");
    this.child.kill(signal);
    await gone;
  }
}
