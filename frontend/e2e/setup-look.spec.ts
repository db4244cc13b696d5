import AxeBuilder from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import { beginAgain, maria, numbers, openSetUp, owner } from "./kit/account";
import { change } from "./kit/feed";
import { long } from "./kit/long";
import { expect, test } from "./kit/test";

/** What a page must be: without a fault that a program finds, and no wider than the screen. Light differs by its colours only. */
async function looked(page: Page, name: string, look: string) {
  const axe = new AxeBuilder({ page }).include("dialog").setLegacyMode();
  const { violations } = await (look === "dark" ? axe : axe.withRules("color-contrast")).analyze();
  expect(violations.map((v) => `${name}: ${v.id}: ${v.nodes.map((n) => n.html).join("\n")}`)).toEqual([]);
  if (look !== "dark") return;
  for (const width of process.env.CALLIN_LONG ? [320, 390, 1920] : [320]) {
    await page.setViewportSize({ width, height: 720 });
    const over = await page.evaluate(async () => {
      for (let n = 0; n < 2; n++) await new Promise(requestAnimationFrame); // the page takes the new width in
      return [document.documentElement, ...document.querySelectorAll("dialog, dialog *")]
        .filter((e) => e.scrollWidth > e.clientWidth + 1)
        .filter((e) => getComputedStyle(e).display !== "inline")
        .filter((e) => !e.matches("input, select, option, .as, .unseen, .unseen *"))
        .map((e) => e.outerHTML.slice(0, 200));
    });
    expect(over, `${name} at ${width} px`).toEqual([]);
  }
}

for (const look of ["dark", "light"])
  test(
    `every page of the set-up is without a fault and as wide as the screen, ${look}`,
    long,
    async ({ page, house }) => {
      test.slow(); // seventeen pages are looked at
      await page.addInitScript((theme) => localStorage.setItem("callin.theme", JSON.stringify(theme)), look);
      const account = await openSetUp(page, house, true);
      const dialog = page.getByRole("dialog");
      const press = (name: string | RegExp) => dialog.getByRole("button", { name }).click();
      const says = (words: string) => expect(dialog.getByText(words)).toBeVisible();
      const again = async () => {
        await page.keyboard.press("Escape");
        await expect(dialog).toBeHidden();
        await page.keyboard.press("Shift+A");
        await expect(dialog).toBeVisible();
      };

      account.state.trouble = "Twilio does not know the Account SID with the auth token any more.";
      await page.keyboard.press("Shift+A");
      await says("Sign in at");
      await says("does not know the Account SID with the auth token any more");
      await looked(page, "account", look);
      account.refuse.set("setupAccount", {
        code: "setup",
        field: "token",
        message: "Twilio does not know this token.",
      });
      await dialog.getByRole("textbox", { name: "Account SID" }).fill("AC1");
      await dialog.getByLabel("Auth Token", { exact: true }).fill("wrong");
      await press("Check");
      await says("Twilio does not know this token.");
      await looked(page, "account refused", look);

      delete account.state.trouble;
      account.does("setupAccount");
      await again();
      await says("12.34 USD");
      await looked(page, "account known", look);
      await press(/Number settled|Number now/);
      await dialog.getByRole("radio", { name: "+1 202 555 0100" }).check();
      await looked(page, "number", look);
      await press("Buy a number…");
      await expect(dialog.getByRole("button", { name: "Look for numbers" })).toBeEnabled();
      await press("Look for numbers");
      await dialog.getByRole("radio", { name: "+1 202 555 0177" }).check();
      await expect(dialog.getByRole("button", { name: /^Buy \+1/ })).toBeEnabled();
      await press(/^Buy \+1/);
      await says("Twilio takes 1.15 USD from the account");
      await looked(page, "buying", look);

      account.does("setupBuy", { number: "+12025550177" });
      await again();
      await press(/Dial-in/);
      await looked(page, "dial-in", look);
      account.does("setupDialIn");
      await again();
      await press(/Address/);
      await dialog.getByText("Caddy").click();
      await looked(page, "own address", look);
      for (const kind of ["ngrok", "cloudflared"]) {
        await dialog.getByRole("radio", { name: `By a tunnel: ${kind}` }).check();
        await looked(page, kind, look);
      }
      account.does("setupAddress", { kind: "own", address: "https://callin.example.org" });
      Object.assign(account.state.public as object, {
        seen: false,
        trouble: "The certificate is for another name.",
      });
      await again();
      await says("Callin is not reached at https://callin.example.org");
      await looked(page, "address not reached", look);
      Object.assign(account.state.public as object, { seen: true, trouble: undefined });
      await again();
      await says("Callin answers at https://callin.example.org, in 184 ms");
      await says("Frankfurt is nearer: 23 ms there and back.");
      await dialog.getByText("Another edge or region").click();
      await dialog.getByRole("radio", { name: "Ireland (ie1)" }).check();
      await looked(page, "address", look);

      await press(/Change/);
      await looked(page, "change", look);
      account.state.other = "https://old.example.org";
      await again();
      await expect(dialog.getByRole("button", { name: "Take the calls over" })).toBeEnabled();
      await press("Take the calls over");
      await says("Press again to take the account's calls");
      await looked(page, "over", look);
      await expect(dialog.getByRole("button", { name: "Press again" })).toBeEnabled();
      account.once.set("setupDo", { again: true });
      await press("Press again");
      await says("Waiting until the station is back.");
      await looked(page, "again", look);
      await beginAgain(page, false);
      await says("… Waiting for the call.");
      await dialog.getByText("Have Twilio call one").click();
      await dialog.getByRole("textbox", { name: "Telephone" }).fill("+12015550144");
      await press("Have Twilio call");
      await says("the account pays for the call");
      await looked(page, "try", look);
      await change(page, { seq: 101, cards: [maria(Date.now())] });
      await says("Your first caller is here: Maria (+1 201 555 0144)");
      await looked(page, "first caller", look);

      await press("All, and undo");
      await expect(dialog.getByRole("button", { name: "Put everything back" })).toBeEnabled();
      await press("Put everything back");
      await says("Calls to the number no longer come here then.");
      await looked(page, "undo", look);
    },
  );

test(
  "a trial account says at each step what it cannot do, and buys no second number",
  long,
  async ({ page, house }) => {
    const account = await openSetUp(page, house, true);
    const dialog = page.getByRole("dialog");
    const steps = {
      number: "Number",
      dialIn: "Dial-in",
      address: "Address",
      change: "Change",
      try: "Try it",
    };
    const words = (step: string) =>
      `Trial account: of the step ${step}, in so many words that they take more than a line.`;
    account.does("setupAccount");
    account.does("setupDialIn");
    account.does("setupAddress", { kind: "own", address: "https://callin.example.org" });
    account.does("setupDo");
    Object.assign(account.state, {
      account: { ...owner, trial: true },
      numbers: [numbers[0]],
      number: numbers[0]?.number,
      trial: Object.fromEntries(Object.keys(steps).map((step) => [step, words(step)])),
    });
    await page.keyboard.press("Shift+A");
    for (const [step, name] of Object.entries(steps)) {
      await dialog.getByRole("navigation").getByRole("button", { name }).click();
      await expect(dialog.getByText(words(step))).toBeVisible();
      await expect(dialog.getByText(/^▲ Trial account: of/)).toHaveCount(1);
      await expect(dialog.getByRole("button", { name: "Buy a number…" })).toHaveCount(0);
      await looked(page, `trial: ${step}`, "light");
    }
    await expect(dialog.getByText("Ring +1 202 555 0100 with a verified telephone now.")).toBeVisible();
    await dialog.getByText("Have Twilio call one").click();
    await expect(dialog.getByText("one that was verified in Twilio's console")).toBeVisible();
  },
);
