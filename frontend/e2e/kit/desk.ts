import { expect, type Locator, type Page } from "@playwright/test";
import { absent, type Caller, near } from "./stage";

/** What the page lets a test measure of its softphone. */
declare global {
  interface Window {
    callinPhone: {
      /** Frequencies in the remote audio, in hertz, loudest first. */
      remoteTones(): number[];
      /** Level of the remote audio in dBFS. */
      remoteLevel(): number;
    };
  }
}

type Section = "On air" | "On deck" | "Waiting" | "Being dropped";

/** The DJ's desk in a browser, found as a person finds it: by role and name. */
export class Desk {
  constructor(
    readonly page: Page,
    readonly url: string,
  ) {}

  async open(): Promise<void> {
    await this.page.goto(this.url);
    await expect(this.page.getByText(/rehearsal/i).first()).toBeVisible();
  }

  /** Opens the desk and connects its softphone to the line. */
  async openOnLine(): Promise<void> {
    await this.open();
    await this.connect();
  }

  async connect(): Promise<void> {
    await this.page.getByRole("button", { name: /^Connect/ }).click();
    await expect(this.page.getByRole("button", { name: /^Disconnect/ })).toBeVisible();
  }

  /** Waits until the softphone is on the line, such as after a reload. */
  async isOnLine(): Promise<void> {
    await expect(this.button(/^Disconnect/)).toBeVisible({ timeout: 10_000 });
  }

  /** Connects the softphone in direct mode. */
  async connectDirect(): Promise<void> {
    await this.button(/^Direct/).click();
    await this.isOnLine();
  }

  /** Presses * on the softphone. */
  async star(): Promise<void> {
    await this.button(/\*/).click();
  }

  async closeShow(): Promise<void> {
    await this.button(/^Close the show/).click();
    const sure = this.page.getByRole("dialog").getByRole("button", { name: /^Close/ });
    if (await sure.isVisible()) await sure.click();
  }

  async openShow(): Promise<void> {
    await expect(this.button(/^Open the show/)).toBeEnabled({ timeout: 10_000 });
    await this.button(/^Open the show/).click();
  }

  field(label: string, value?: string): Locator {
    const fields = this.page.getByRole("textbox", { name: label });
    return value === undefined ? fields : fields.and(this.page.locator(`[value=${JSON.stringify(value)}]`));
  }

  /** Types into a caller's card and waits until Callin has said that it is kept. */
  async note(caller: Caller, fields: { name: string; location: string; topic: string }): Promise<void> {
    for (const [label, text] of Object.entries(fields)) {
      const kept = this.page.waitForResponse((r) => r.url().endsWith("/api/op/note") && r.ok());
      const field = this.card(caller).getByRole("textbox", { name: new RegExp(label, "i") });
      await field.fill(text);
      await field.press("Enter");
      await kept;
    }
  }

  /** How long a caller has waited, in seconds, as the card says. */
  async waited(caller: Caller): Promise<number> {
    const text = await this.card(caller).getByRole("timer").textContent();
    return (text ?? "").split(":").reduce((sum, part) => 60 * sum + Number(part), 0);
  }

  button(name: RegExp | string): Locator {
    return this.page.getByRole("button", { name });
  }

  section(name: Section): Locator {
    return this.page.getByRole("region", { name, exact: true });
  }

  /** A caller's card, wherever it is or in a section. */
  card(caller: Caller, section?: Section): Locator {
    return (section ? this.section(section) : this.page).getByRole("article", { name: caller.name });
  }

  async press(caller: Caller, button: RegExp | string): Promise<void> {
    await this.card(caller).getByRole("button", { name: button }).click();
  }

  async next(): Promise<void> {
    await this.button(/^Next/).click();
  }

  /** Waits until the caller's card is in a section and no move is under way. */
  async isIn(caller: Caller, section: Section): Promise<void> {
    await expect(this.card(caller, section)).toBeVisible();
    await expect(this.card(caller, section)).toHaveAttribute("aria-busy", "false");
  }

  async isNowhere(caller: Caller): Promise<void> {
    await expect(this.card(caller)).toHaveCount(0);
  }

  /** The names on the waiting cards, in the order in which they are shown. */
  async waiting(): Promise<string[]> {
    return this.section("Waiting")
      .getByRole("article")
      .evaluateAll((cards) => cards.map((card) => card.getAttribute("aria-label") ?? ""));
  }

  private tones(): Promise<number[]> {
    return this.page.evaluate(() => window.callinPhone.remoteTones());
  }

  level(): Promise<number> {
    return this.page.evaluate(() => window.callinPhone.remoteLevel());
  }

  async hears(caller: Caller): Promise<void> {
    const hz = tone(caller);
    await expect
      .poll(async () => near(await this.tones(), hz), {
        message: `the DJ should hear ${caller.name}`,
        intervals: [60],
      })
      .toBe(true);
  }

  async hearsNot(caller: Caller): Promise<void> {
    const hz = tone(caller);
    await absent(`the DJ should not hear ${caller.name}`, async () => near(await this.tones(), hz));
  }
}

function tone(caller: Caller): number {
  if (!caller.ring.tone) throw new Error(`${caller.name} has no tone`);
  return caller.ring.tone;
}
