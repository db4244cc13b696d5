import { execFileSync } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { devNull, tmpdir } from "node:os";
import { join } from "node:path";
import { type BrowserContext, test as base, expect } from "@playwright/test";
import { Desk } from "./desk";
import { microphone } from "./microphone";
import { callinBinary, Process } from "./process";
import { secretless } from "./secretless";
import { type Caller, type Rehearsal, type Ring, Stage } from "./stage";

/** Pilot tones, far from each other, from their harmonics and from the keys of a telephone. */
const tones = [440, 620, 1800, 2200, 2700, 530, 760, 860, 1140, 1560, 2440, 2940];
const names = ["Ana", "Ben", "Cleo", "Dev", "Eve", "Finn", "Gus", "Hal", "Ivy", "Jo", "Kit", "Lea"];

/** How many times as fast as people the rehearsal speaks: no test waits for the ends of sentences. */
const pace = "6";

function deskOf(callin: Process): string {
  const url = callin.firstLine.match(/^desk: (http:\/\/127\.0\.0\.1:\d+\/\S*)$/)?.[1];
  if (!url) throw new Error(`not a desk: ${callin.firstLine}`);
  return url;
}

/** A station in rehearsal: two processes, and what a test does with them. */
export class House {
  callin!: Process;
  private rung = 0;

  constructor(
    readonly rehearsal: Process,
    readonly stage: Stage,
    readonly data: string,
    private readonly env: Record<string, string>,
    private readonly file: string,
    private readonly deskless: boolean,
  ) {}

  /** Starts Callin, for the first time or again on the same data. */
  async start(): Promise<void> {
    this.callin = await this.begin();
  }

  /** An address that lets one more browser in: Callin, started once more, leads to the desk that is there. */
  async invite(): Promise<string> {
    return deskOf(await this.begin());
  }

  private begin(): Promise<Process> {
    const { address, account_sid, auth_token } = this.stage.rehearsal;
    const as = this.deskless ? ["station"] : [];
    return Process.start([...as, "--data", this.data, "--settings", this.file, "--no-browser"], {
      CALLIN_REHEARSAL: address,
      TWILIO_ACCOUNT_SID: account_sid,
      TWILIO_AUTH_TOKEN: auth_token,
      ...this.env,
    });
  }

  /** The address that Callin printed, which lets one browser in. */
  get url(): string {
    return deskOf(this.callin);
  }

  /** Gives a desk out, or ends one, on the station's computer; a code if there is one. */
  desks(verb: string, ...words: string[]): string {
    const said = execFileSync(callinBinary, ["desks", verb, "--data", this.data, ...words]).toString();
    return said.match(/^code: (\S+ \S+)$/m)?.[1] ?? "";
  }

  /**
   * Rings the next of twelve, of whom Ana, Ben and Cleo are the first, each with a tone of their own. Who has
   * heard the first words has arrived, so that the next to ring comes after them.
   */
  async ring(more: Ring = {}): Promise<Caller> {
    const n = this.rung++;
    const caller = await this.stage.ring({
      name: names[n],
      tone: tones[n],
      number: `+120155501${String(n).padStart(2, "0")}`,
      ...more,
    });
    await caller.heard(/./);
    return caller;
  }

  async end(): Promise<void> {
    await this.callin?.end();
    await this.rehearsal.end();
    const { log, printed } = this.callin ?? { log: [], printed: [] };
    await secretless([this.stage.rehearsal.auth_token], this.data, [...log, ...printed]);
    await rm(this.data, { recursive: true, force: true });
  }
}

interface Fixtures {
  /** Lengths and other settings of Callin, as its environment. */
  settings: Record<string, string>;
  /** The settings' file, for what a file alone can say. */
  toml: string;
  /** Whether it is a station without a desk of its own. */
  deskless: boolean;
  house: House;
  /** The desk, open, its softphone on the line, the show open. */
  desk: Desk;
  /** The browser that the desk is open in, closed to the outside. */
  context: BrowserContext;
}

export const test = base.extend<Fixtures>({
  settings: [{ CALLIN_PARK_SECONDS: "3", CALLIN_WAIT_SECONDS: "3", CALLIN_SHOW: "Late" }, { option: true }],

  toml: ["", { option: true }],

  deskless: [false, { option: true }],

  house: async ({ settings, toml, deskless }, use, info) => {
    const rehearsal = await Process.start(["rehearsal", "--pace", pace], {});
    const stage = new Stage(JSON.parse(rehearsal.firstLine) as Rehearsal);
    const data = await mkdtemp(join(tmpdir(), "callin-e2e-"));
    const file = toml ? join(data, "callin.toml") : devNull;
    if (toml) await writeFile(file, toml);
    const house = new House(rehearsal, stage, data, settings, file, deskless);
    try {
      await house.start();
      await use(house);
    } finally {
      if (info.status !== info.expectedStatus) {
        await info.attach("callin.log", { body: house.callin?.log.join("\n") ?? "" });
        await info.attach("rehearsal.log", { body: rehearsal.log.join("\n") });
      }
      await house.end();
    }
  },

  // What a route was asked last may still be under way when a test ends.
  context: async ({ context }, use) => {
    await use(context);
    for (const page of context.pages()) await page.unrouteAll({ behavior: "ignoreErrors" });
  },

  desk: async ({ house, page }, use) => {
    const desk = new Desk(page, house.url);
    await desk.openOnLine();
    await use(desk);
  },
});

/** The DJ's own voice, in hertz. */
export const dj = microphone.hz;
export { expect };
