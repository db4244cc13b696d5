import { type Browser, test as base, expect, type Page } from "@playwright/test";
import { Process } from "../kit/process";
import { near, type Rehearsal, Stage } from "../kit/stage";
import { quickstart } from "./app";

type App = Awaited<ReturnType<typeof quickstart>>;

/** A page of the application, with one Device. */
export class Phone {
  private constructor(readonly page: Page) {}

  static async open(browser: Browser, app: App, identity: string, options = {}, ttl = 3600): Promise<Phone> {
    const page = await browser.newPage({ permissions: ["microphone"] });
    // The SDK's sounds and reports would leave this machine.
    await page.route(/twilio\.com/, (route) => route.abort());
    await page.goto(app.address);
    await page.evaluate(`openDevice(${JSON.stringify(identity)}, ${JSON.stringify(options)}, ${ttl})`);
    return new Phone(page);
  }

  run<T = void>(script: string): Promise<T> {
    return this.page.evaluate(`(async () => { return ${script} })()`) as Promise<T>;
  }

  async registers(): Promise<this> {
    await this.run("device.register()");
    return this;
  }

  async has(...what: (string | RegExp)[]): Promise<void> {
    for (const one of what)
      await expect
        .poll(() => this.run<string[]>("happened"), { timeout: 10_000 })
        .toEqual(expect.arrayContaining([typeof one === "string" ? one : expect.stringMatching(one)]));
  }

  async hears(hz: number, does = true): Promise<void> {
    await expect
      .poll(async () => near(await this.run<number[]>("tones()"), hz), { timeout: 10_000, intervals: [100] })
      .toBe(does);
  }

  happened(): Promise<string[]> {
    return this.run("happened");
  }
}

export const test = base.extend<{
  app: App;
  stage: Stage;
  phone: (identity: string, options?: object, ttl?: number) => Promise<Phone>;
}>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright wants the pattern
  stage: async ({}, use) => {
    const process = await Process.start(["rehearsal"], {});
    try {
      await use(new Stage(JSON.parse(process.firstLine) as Rehearsal));
    } finally {
      await process.end();
    }
  },
  app: async ({ stage }, use) => {
    const app = await quickstart(stage.rehearsal);
    try {
      await use(app);
    } finally {
      await app.close();
    }
  },
  phone: async ({ app, browser }, use) => {
    const opened: Phone[] = [];
    await use(async (identity, options, ttl) => {
      const phone = await Phone.open(browser, app, identity, options, ttl);
      opened.push(phone);
      return phone;
    });
    for (const phone of opened) await phone.page.close();
  },
});

export { expect };
