import { expect, type Page } from "@playwright/test";
import { Desk } from "./kit/desk";
import { long } from "./kit/long";
import { type Newcomer, test } from "./kit/newcomer";

/** The pages of the set-up, found as a person finds them. */
class Walk {
  readonly dialog;

  constructor(
    readonly page: Page,
    readonly newcomer: Newcomer,
  ) {
    this.dialog = page.getByRole("dialog");
  }

  button = (name: string | RegExp) =>
    this.dialog.getByRole("button", { name, exact: typeof name === "string" });
  title = (name: string) => expect(this.dialog.getByRole("heading", { name, level: 3 })).toBeVisible();
  says = (words: string) => expect(this.dialog.getByText(words).first()).toBeVisible();

  async open(url: string, title: string): Promise<void> {
    await this.page.goto(url);
    await this.page.getByRole("button", { name: "Connect your account" }).click();
    await this.title(title);
  }

  /** Loads the page anew: the set-up goes on at the step that was reached. */
  async reload(title: string): Promise<void> {
    await this.open(new URL(this.page.url()).origin, title);
  }

  /** Clicks once the button takes a click. */
  async click(name: string | RegExp): Promise<void> {
    await expect(this.button(name)).toBeEnabled();
    await this.button(name).click();
  }

  async account(): Promise<void> {
    const { account_sid, auth_token } = this.newcomer.stage.rehearsal;
    await this.dialog.getByRole("textbox", { name: "Account SID", exact: true }).fill(account_sid);
    await this.dialog.getByLabel("Auth Token", { exact: true }).fill(auth_token);
    await this.click("Check");
  }

  /** The address that the page says a proxy must lead to, without a proxy. */
  async address(): Promise<void> {
    const forward = await this.dialog.getByText("It must lead to").locator("code").textContent();
    await this.dialog.getByRole("textbox", { name: "Address", exact: true }).fill(`http://${forward}`);
    await this.click("Try it");
    await this.says(`Callin answers at http://${forward}`);
  }
}

/** What stands as an alert over the set-up, from now on and in pages that are loaded anew. */
async function noticed(page: Page): Promise<string[]> {
  const words: string[] = [];
  await page.exposeFunction("noticed", (text: string) => words.push(text));
  await page.addInitScript(() => {
    const told = new Set<string>();
    new MutationObserver(() => {
      for (const { textContent } of document.querySelectorAll("dialog .alert, dialog .banners p")) {
        const { noticed } = window as unknown as { noticed(text: string): void };
        if (textContent && !told.has(textContent)) noticed(textContent);
        told.add(textContent ?? "");
      }
    }).observe(document, { childList: true, characterData: true, subtree: true });
  });
  return words;
}

interface Owned {
  incoming_phone_numbers: Record<string, string>[];
}
const numbers = async ({ stage }: Newcomer) =>
  (await stage.rest<Owned>("IncomingPhoneNumbers.json")).incoming_phone_numbers.map(
    ({ date_updated: _, ...number }) => number,
  );
const applications = async ({ stage }: Newcomer) =>
  (await stage.rest<{ applications: { sid: string; friendly_name: string }[] }>("Applications.json"))
    .applications;
const apps = async (newcomer: Newcomer) => (await applications(newcomer)).length;

test("a number is bought by mouse, and an undo has the rehearsal back", long, async ({ page, newcomer }) => {
  const walk = new Walk(page, newcomer);
  const before = await numbers(newcomer);
  const alerts = await noticed(page);
  await walk.open(newcomer.url, "Which account is it?");
  await walk.account();
  await walk.click("Go on");

  await walk.click("Buy a number…");
  await walk.click("Look for numbers");
  await walk.dialog.getByRole("radio").first().check();
  await expect(walk.button(/^Buy \+1 .* a month$/)).toBeEnabled();
  await walk.button(/^Buy \+1 .* a month$/).dblclick(); // a doubled press is one
  await walk.says("Press again to buy");
  expect(await numbers(newcomer)).toEqual(before);
  await walk.click(/^Press again: buy/);
  await walk.says("is yours now");
  const bought = await numbers(newcomer);
  expect(bought).toHaveLength(before.length + 1);
  await walk.click("Without");
  await walk.address();
  await walk.click("Go on");
  await expect(walk.button("Do it")).toBeEnabled();
  await walk.button("Do it").dblclick();
  await walk.title("Try it");
  expect(await apps(newcomer)).toBe(2);
  expect(alerts).toEqual([]);

  // What somebody else has changed since stays, and is told on the page that the phone loads anew.
  const theirs = (await applications(newcomer)).find((a) => a.friendly_name === "Client DJ Call-In");
  await newcomer.stage.change(`Applications/${theirs?.sid}.json`, { VoiceUrl: "https://pbx.example.com/in" });
  const left = "Client DJ Call-In: somebody has changed it since, which stays.";
  await walk.click("All, and undo");
  await walk.click("Put everything back");
  const loaded = page.waitForEvent("load", { timeout: 20_000 });
  await walk.click("Press again: put everything back");
  await loaded;
  await walk.says("Everything at Twilio is as it was before the set-up, but for this:");
  await walk.says(left);
  expect((await applications(newcomer)).map((a) => a.sid)).toEqual([theirs?.sid]);
  expect(await numbers(newcomer)).toEqual(bought);
  expect(alerts).toEqual([]);
  await page.reload();
  await walk.says(left);
  await page.keyboard.press("Escape");
  await new Desk(page, newcomer.url).isOnLine();
  await page.getByRole("button", { name: "Connect your account" }).click();
  await walk.title("Which account is it?");
  await expect(walk.dialog.getByText(left)).toHaveCount(0);
});

test(
  "no reload, second tab, Twilio that is down or killed station stops a set-up",
  long,
  async ({ page, newcomer }) => {
    test.slow(); // the station begins three times, and a phone is waited for that cannot be reached
    const walk = new Walk(page, newcomer);
    const alerts = await noticed(page);
    await walk.open(newcomer.url, "Which account is it?");
    await newcomer.stage.request("PUT", "/stage/faults", { rest: [{ kind: "down" }] });
    await walk.account();
    await walk.says("Twilio does not answer.");
    await newcomer.stage.request("PUT", "/stage/faults", {});
    await walk.account();
    await walk.says("Twilio knows this account");
    await walk.reload("Which number do listeners call?");
    await walk.dialog.getByRole("radio").first().check();
    await walk.click("Use this number");
    await walk.title("Does the DJ have a number to call?");
    await walk.reload("Does the DJ have a number to call?");
    await walk.click("Without");
    await walk.title("Where does Twilio reach this station?");
    await walk.reload("Where does Twilio reach this station?");
    await walk.address();
    await walk.reload("What will be changed");

    // Another tab is at the same step, and goes on with what the first one has done.
    const other = new Walk(await page.context().newPage(), newcomer);
    await other.open(new URL(page.url()).origin, "What will be changed");
    // The station is killed in the instant in which the page is to be loaded anew.
    const account = new URL(newcomer.stage.rehearsal.address).host;
    const killed = new Promise<void>((done) => {
      let once = false;
      void page.route("**/api/op/token", async (route) => {
        const response = await route.fetch().catch(() => undefined);
        if (!response) return route.abort();
        if (!once && (await response.text()).includes(account)) {
          once = true;
          await newcomer.callin.end("SIGKILL");
          done();
        }
        return route.fulfill({ response });
      });
    });
    // What fails until it is back is no news; what stands then is: the account's phone cannot be reached.
    await newcomer.stage.request("PUT", "/stage/faults", { no_signalling: { for_seconds: 60 } });
    await walk.click("Do it");
    await walk.title("The station begins again");
    await killed;
    await newcomer.start();
    await walk.title("Try it");
    // That it was killed is true.
    expect(alerts.filter((alert) => !/was not ended in order/.test(alert))).toEqual([]);
    await expect
      .poll(() => alerts.join(), { timeout: 15_000 })
      .toMatch(/Twilio does not answer the phone|The phone cannot reach Twilio/);
    await other.click(/Try it/);
    await other.click(/^Open the show/);
    await other.says("with any telephone now");
    await newcomer.stage.ring({ name: "Maria", number: "+12015550144" });
    for (const one of [walk, other]) await one.says("Your first caller is here: Maria");
  },
);
