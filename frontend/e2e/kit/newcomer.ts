import { mkdtemp, rm } from "node:fs/promises";
import { devNull, tmpdir } from "node:os";
import { join } from "node:path";
import { test as base } from "@playwright/test";
import { Process } from "./process";
import { secretless } from "./secretless";
import { type Rehearsal, Stage } from "./stage";

/** A station that has no account, and a stand-in for Twilio where there is one for it: two processes. */
export class Newcomer {
  callin!: Process;

  constructor(
    readonly twilio: Process,
    readonly stage: Stage,
    private readonly data: string,
  ) {}

  /** Starts Callin, for the first time or again on the same data. It knows where Twilio is, and nothing else. */
  async start(): Promise<void> {
    this.callin = await Process.start(
      ["--no-browser", "--no-callers", "--data", this.data, "--settings", devNull],
      { CALLIN_REHEARSAL: this.stage.rehearsal.address, CALLIN_SHOW: "Late" },
    );
  }

  /** The address that Callin printed, which lets one browser in. */
  get url(): string {
    return this.callin.firstLine.replace(/^desk: /, "");
  }

  /** The numbers of the account, as Twilio has them. */
  async numbers(): Promise<unknown> {
    return (await this.stage.rest<{ incoming_phone_numbers: unknown }>("IncomingPhoneNumbers.json"))
      .incoming_phone_numbers;
  }

  async end(): Promise<void> {
    await this.callin?.end();
    await this.twilio.end();
    const { log, printed } = this.callin;
    await secretless([this.stage.rehearsal.auth_token], this.data, [...log, ...printed]);
    await rm(this.data, { recursive: true, force: true });
  }
}

export const test = base.extend<{ newcomer: Newcomer }>({
  newcomer: async ({ browserName: _ }, use, info) => {
    const twilio = await Process.start(["rehearsal", "--pace", "6"], {});
    const stage = new Stage(JSON.parse(twilio.firstLine) as Rehearsal);
    const newcomer = new Newcomer(twilio, stage, await mkdtemp(join(tmpdir(), "callin-e2e-")));
    try {
      await newcomer.start();
      await use(newcomer);
    } finally {
      if (info.status !== info.expectedStatus) {
        await info.attach("callin.log", { body: newcomer.callin?.log.join("\n") ?? "" });
        await info.attach("twilio.log", { body: twilio.log.join("\n") });
      }
      await newcomer.end();
    }
  },
});
