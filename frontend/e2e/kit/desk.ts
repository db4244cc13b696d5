import { expect, type Locator, type Page } from "@playwright/test";
import { absent, type Caller, near } from "./stage";

type Region =
  | "On air"
  | "Next"
  | "Ready"
  | "Set aside"
  | "To screen"
  | "With you, off air"
  | "Phone"
  | "Stage"
  | "Messages";

/** How a caller stands, as the desk shows it. */
type Standing =
  | "off air"
  | "on air"
  | "direct"
  | "on hold"
  | "on deck"
  | "ready"
  | "set aside"
  | "to be screened";

const shownIn: Record<Standing, { region: Region; says?: RegExp }> = {
  "off air": { region: "With you, off air" },
  "on air": { region: "On air", says: /^On air( · locked)?$/ },
  direct: { region: "On air", says: /^On air · direct/ },
  "on hold": { region: "On air", says: /^On hold/ },
  "on deck": { region: "On air", says: /^On deck/ },
  ready: { region: "Ready" },
  "set aside": { region: "Set aside" },
  "to be screened": { region: "To screen" },
};

/** Presses on the card of one caller. */
type Press = "Take" | "On deck" | "Hold" | "Resume" | "Drop" | "Lock" | "Unlock" | "Set aside" | "Make ready";

/** The DJ's desk in a browser, found as a person finds it: by role and name. */
export class Desk {
  constructor(
    readonly page: Page,
    readonly url: string,
  ) {}

  async open(): Promise<void> {
    // With somebody on air the browser asks before the page is left: tests that leave it mean to.
    this.page.on("dialog", (dialog) => dialog.accept().catch(() => undefined));
    await this.page.goto(this.url);
    await expect(this.page.getByText(/^REHEARSAL/)).toBeVisible();
  }

  /** Opens the desk; its phone connects by itself, as the microphone is allowed. */
  async openOnLine(): Promise<void> {
    await this.open();
    await this.isOnLine();
  }

  async isOnLine(): Promise<void> {
    await expect(this.region("Phone").getByRole("status").first()).toHaveText(/● On the line$/, {
      timeout: 25_000,
    });
  }

  /** Connects the phone anew in direct mode. */
  async goDirect(): Promise<void> {
    await this.button("Direct mode").click();
    await expect(this.region("Phone").getByRole("status").first()).toHaveText(/direct mode/);
  }

  /** Sends the softphone's * in direct mode. */
  async nextDirect(): Promise<void> {
    await this.button(/^Next caller/).click();
  }

  button(name: string | RegExp): Locator {
    return this.page.getByRole("button", typeof name === "string" ? { name, exact: true } : { name });
  }

  region(name: Region): Locator {
    return this.page.getByRole("region", { name, exact: true });
  }

  /** A caller's card, wherever it is or in a region. */
  card(caller: Caller, region?: Region): Locator {
    return (region ? this.region(region) : this.page).locator(`li[data-call="${caller.sid}"]`);
  }

  /** Presses by the keyboard: a pointer's press waits until the rows have stood still, as a person's does. */
  async press(caller: Caller, name: Press): Promise<void> {
    await this.card(caller)
      .getByRole("button", { name: new RegExp(`^${name} `) })
      .press("Enter");
  }

  async undo(caller: Caller): Promise<void> {
    await this.button(new RegExp(`^Undo: brings ${caller.name} back`)).press("Enter");
  }

  async next(): Promise<void> {
    await this.button("Next").click();
  }

  /** Waits until the caller stands so, with no move under way. */
  async is(caller: Caller, standing: Standing): Promise<void> {
    const { region, says } = shownIn[standing];
    const card = this.card(caller, region);
    await expect(card).toBeVisible();
    await expect(card.getByText("…")).toHaveCount(0);
    if (says) await expect(card.getByText(says)).toBeVisible();
  }

  async isNowhere(caller: Caller): Promise<void> {
    await expect(this.card(caller)).toHaveCount(0);
  }

  /** The CallSids of those who are ready, in the order in which they are shown. */
  async ready(): Promise<string[]> {
    return this.region("Ready")
      .locator("li[data-call]")
      .evaluateAll((cards) => cards.map((card) => card.getAttribute("data-call") ?? ""));
  }

  /** How long a caller has waited in all, in seconds, as the card says. */
  async waited(caller: Caller): Promise<number> {
    const text = await this.card(caller)
      .getByText(/^Waiting:/)
      .locator("..")
      .textContent();
    const [, clock] = text?.match(/Waiting:\s*([\d:]+)/) ?? [];
    if (!clock) throw new Error(`the card shows no waiting time but ${text}`);
    return clock.split(":").reduce((sum, part) => 60 * sum + Number(part), 0);
  }

  /** Types into a caller's card and waits until Callin has said that it is kept. */
  async note(caller: Caller, fields: Record<"Name" | "Location" | "Topic", string>): Promise<void> {
    await this.card(caller)
      .getByRole("button", { name: /^Edit / })
      .click({ position: { x: 20, y: 12 } }); // on the name: more buttons come over the end
    for (const [label, text] of Object.entries(fields))
      await this.page.getByLabel(label, { exact: true }).fill(text);
    const kept = this.page.waitForResponse((r) => r.url().endsWith("/api/op/note") && r.ok());
    await this.page.keyboard.press("Enter");
    await kept;
  }

  /** Closes the show; a computer too busy for a second press in time begins again. */
  async closeShow(): Promise<void> {
    const again = this.button(/^Press again to close/);
    const closes = this.button(/^(Keep open|Open)$/);
    await expect(async () => {
      if (!(await closes.count())) {
        if (!(await again.count())) await this.button(/^Close$/).press("Enter", { timeout: 1000 });
        await expect(again).toBeEnabled({ timeout: 2000 });
        await again.press("Enter", { timeout: 1000 });
      }
      await expect(closes).toBeVisible({ timeout: 2000 });
    }).toPass({ timeout: 20_000 });
  }

  get sheet(): Locator {
    return this.page.getByRole("dialog", { name: "After the show" });
  }

  /** Closes the sheet that has opened as the show has closed. */
  async leaveSheet(): Promise<void> {
    await expect(this.sheet).toBeVisible({ timeout: 20_000 });
    await this.page.keyboard.press("Escape");
    await expect(this.sheet).toBeHidden();
  }

  async openShow(): Promise<void> {
    await this.button(/^Open\b/).click();
  }

  /** Waits until a second press is asked for and would count: one that comes at once is the first, doubled. */
  async asksAgain(what: string | RegExp): Promise<void> {
    await expect(this.button(what)).toBeEnabled();
  }

  /** What stands out of what comes in on the phone, in hertz. */
  tones(): Promise<number[]> {
    return this.page.evaluate(() => {
      const { callinPhone } = window as unknown as { callinPhone: { remoteTones(): number[] } };
      return callinPhone.remoteTones();
    });
  }

  /** The level of what comes in on the phone, in dBFS. */
  level(): Promise<number> {
    return this.page.evaluate(() => {
      const { callinPhone } = window as unknown as { callinPhone: { remoteLevel(): number } };
      return callinPhone.remoteLevel();
    });
  }

  async hears(caller: Caller): Promise<void> {
    await expect
      .poll(async () => near(await this.tones(), caller.hz), {
        message: `the DJ should hear ${caller.name}`,
        intervals: [60],
      })
      .toBe(true);
  }

  async hearsHz(hz: number): Promise<void> {
    await expect
      .poll(async () => near(await this.tones(), hz), {
        message: `the desk should hear ${hz} Hz`,
        intervals: [60],
      })
      .toBe(true);
  }

  /** Hears nothing at hz: such as the voice of another desk. */
  async hearsNo(hz: number): Promise<void> {
    await absent(`the desk should not hear ${hz} Hz`, async () => near(await this.tones(), hz));
  }

  async hearsNot(caller: Caller): Promise<void> {
    await absent(`the DJ should not hear ${caller.name}`, async () => near(await this.tones(), caller.hz));
  }
}
