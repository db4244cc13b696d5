import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { resolve } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";

const here = fileURLToPath(new URL("..", import.meta.url));

export const callinBinary = resolve(here, process.env.CALLIN ?? "../../build/bin/callin");

/** How long a process may take to print its first line; a race build under load is slow. */
const startMs = 15_000;

/** A running callin process. Its log goes into the report of a test that fails. */
export class Process {
  private constructor(
    private readonly child: ChildProcess,
    /** The lines it printed on standard output, and on standard error. */
    readonly printed: string[],
    readonly log: string[],
  ) {}

  get firstLine(): string {
    return this.printed[0] ?? "";
  }

  get pid(): number {
    return this.child.pid as number;
  }

  /** Starts a process, which nobody can type to unless stdin is a pipe, and waits for its first line. */
  static async start(
    args: string[],
    env: Record<string, string>,
    program = callinBinary,
    stdin: "ignore" | "pipe" = "ignore",
  ): Promise<Process> {
    const child = spawn(program, args, {
      env: { PATH: process.env.PATH ?? "", HOME: process.env.HOME ?? "", ...env },
      stdio: [stdin, "pipe", "pipe"],
    });
    const log: string[] = [];
    createInterface({ input: child.stderr as NodeJS.ReadableStream }).on("line", (line) => log.push(line));
    const lines = createInterface({ input: child.stdout as NodeJS.ReadableStream });
    const printed: string[] = [];
    lines.on("line", (line) => printed.push(line));
    await new Promise<void>((found, failed) => {
      const late = setTimeout(
        () => failed(new Error(`callin ${args.join(" ")}: nothing printed\n${log.join("\n")}`)),
        startMs,
      );
      lines.once("line", () => {
        clearTimeout(late);
        found();
      });
      child.once("exit", (code) => {
        clearTimeout(late);
        failed(new Error(`callin ${args.join(" ")} ended with ${code}\n${log.join("\n")}`));
      });
      child.once("error", failed);
    });
    return new Process(child, printed, log);
  }

  /** Waits until it has printed a line that matches, and returns what the pattern's group found. */
  async line(what: RegExp): Promise<string> {
    const find = () => this.printed.map((line) => line.match(what)?.[1]).find((found) => found !== undefined);
    for (const late = Date.now() + startMs; !find(); await pause(20))
      if (this.ended || Date.now() > late)
        throw new Error(`no ${what} in\n${[...this.printed, ...this.log].join("\n")}`);
    return find() as string;
  }

  /** Types a line. */
  type(line: string): void {
    this.child.stdin?.write(`${line}\n`);
  }

  /** What it ended with; null while it runs, or if it was killed. */
  get code(): number | null {
    return this.child.exitCode;
  }

  get ended(): boolean {
    return this.child.exitCode !== null || this.child.signalCode !== null;
  }

  /** Does something while the process stands still. */
  async frozen(meanwhile: () => Promise<void>): Promise<void> {
    this.child.kill("SIGSTOP");
    try {
      await meanwhile();
    } finally {
      this.child.kill("SIGCONT");
    }
  }

  /** Ends the process and waits until it has gone. */
  async end(signal: NodeJS.Signals = "SIGTERM"): Promise<void> {
    if (this.ended) return;
    const gone = once(this.child, "exit");
    this.child.kill(signal);
    await gone;
  }
}
