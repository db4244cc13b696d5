import { type Browser, chromium, expect } from "@playwright/test";
import config from "../playwright.config";
import { Desk } from "./desk";
import { microphone, producersMicrophone } from "./microphone";
import type { Caller } from "./stage";

/** The producer's own voice, in hertz. */
export const producer = producersMicrophone.hz;

/** A producer's desk in a browser of its own, with another voice in its microphone. */
export class ProducersDesk extends Desk {
  private constructor(
    page: Desk["page"],
    url: string,
    private readonly browser: Browser,
  ) {
    super(page, url);
  }

  /** Opens a station's door in a browser that nobody has signed in yet. */
  static async at(door: string): Promise<ProducersDesk> {
    const desk = await ProducersDesk.in(door);
    await desk.page.goto(door);
    return desk;
  }

  /** A browser for the desk of an address, which is not opened yet. */
  static async in(url: string): Promise<ProducersDesk> {
    const { launchOptions, viewport, permissions } = config.use ?? {};
    const browser = await chromium.launch({
      ...launchOptions,
      args: launchOptions?.args?.map((arg) => arg.replace(microphone.file, producersMicrophone.file)) ?? [],
    });
    // The station's certificate is its own, which a PC would pin.
    const page = await browser.newPage({
      ignoreHTTPSErrors: true,
      viewport: viewport ?? null,
      permissions: permissions ?? [],
    });
    return new ProducersDesk(page, url, browser);
  }

  /** Signs in by the code that a manager gave out. */
  async signIn(code: string): Promise<void> {
    await expect(this.page.getByRole("textbox").first()).toBeFocused();
    await this.page.keyboard.type(code.replace(" ", ""));
    await this.page.keyboard.press("Enter");
    await expect(this.page.getByText(/^REHEARSAL/)).toBeVisible();
  }

  async isOnOwnLine(): Promise<void> {
    await expect(this.region("Phone").getByRole("status").first()).toHaveText(/On your own line$/);
  }

  /** Answers the next caller to screen, who is to be this one. */
  async answers(caller: Caller): Promise<void> {
    await expect(this.button(new RegExp(`^Answer ${caller.name}`)).first()).toBeEnabled();
    await this.page.keyboard.press("F2");
    await this.isWith(caller);
  }

  /** Waits until the desk talks to a caller, off air, whose card takes what is typed. */
  async isWith(caller: Caller): Promise<void> {
    const withYou = this.region("With you, off air");
    await expect(withYou.getByText(caller.name, { exact: true })).toBeVisible();
    await expect(withYou).toContainText(/you talk, off air/);
    await expect(withYou.getByLabel("Point, in a few words")).toBeFocused();
  }

  /** Moves one who is ready by a key. */
  async moves(caller: Caller, key: string): Promise<void> {
    await this.card(caller, "Ready").locator("[data-card]").focus();
    await this.page.keyboard.press(key);
  }

  async end(): Promise<void> {
    await this.browser.close();
  }
}
