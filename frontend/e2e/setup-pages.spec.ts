import AxeBuilder from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import { MadeAccount, numbers, owner, stationPicture } from "./kit/account";
import { change, madeFeed, sid } from "./kit/feed";
import { long } from "./kit/long";
import { expect, type House, test } from "./kit/test";

/** A set-up over answers that are made here, on a desk that Callin knows nothing of. */
async function open(page: Page, house: House, rehearsal: boolean) {
  const account = new MadeAccount();
  await madeFeed(page, stationPicture(rehearsal));
  await account.answer(page);
  await page.goto(house.url);
  await expect(
    page.getByRole("button", { name: rehearsal ? "Connect your account" : "Account" }),
  ).toBeVisible();
  return account;
}

/** The station goes away, and comes back on the account or as a rehearsal. */
async function beginAgain(page: Page, rehearsal: boolean) {
  const feeds = () => page.evaluate(() => (window as unknown as { feeds: number }).feeds);
  const before = await feeds();
  await page.evaluate(() => (window as unknown as { endFeed(): void }).endFeed());
  await expect.poll(feeds, { timeout: 15_000 }).toBe(before + 1);
  await page.evaluate((picture) => {
    (window as unknown as { tell(e: string, d: unknown): void }).tell("picture", picture);
  }, stationPicture(rehearsal));
}

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

const maria = (now: number) => ({
  ...{
    call: sid(1),
    studio: "",
    number: "+12015550144",
    name: "Maria",
    location: "",
    topic: "",
    arrived: now,
  },
  ...{ place: { kind: "queue", name: "on-air" }, since: now, rank: 1, locked: false, airMs: 0 },
});

test(
  "a technician connects an account by the keyboard alone, to the first caller",
  long,
  async ({ page, house }) => {
    const account = await open(page, house, true);
    const dialog = page.getByRole("dialog");
    const press = (key: string) => page.keyboard.press(key);
    const type = (words: string) => page.keyboard.type(words);
    const field = (name: string) => dialog.getByRole("textbox", { name, exact: true });
    const button = (name: string | RegExp) =>
      dialog.getByRole("button", { name, exact: typeof name === "string" });
    const title = (name: string) => expect(dialog.getByRole("heading", { name, level: 3 })).toBeVisible();
    const last = () => account.asked.at(-1);

    // 1: what is typed stays when it is left, but for the token.
    await press("Shift+A");
    await expect(field("Account SID")).toBeFocused();
    await type("AC0123456789abcdef0123456789abcdef");
    await press("Tab");
    await type("secret");
    await press("Escape");
    await expect(dialog).toBeHidden();
    await press("Shift+A");
    await expect(field("Account SID")).toHaveValue("AC0123456789abcdef0123456789abcdef");
    const token = dialog.getByLabel("Auth Token", { exact: true });
    await expect(token).toHaveValue("");
    await expect(token).toHaveAttribute("type", "password");
    await expect(button("Check")).toBeEnabled();
    account.refuse.set("setupAccount", {
      ...{ code: "setup", field: "sid" },
      message: "Twilio does not know this account. Copy its SID once more from the console.",
    });
    account.takes.set("setupAccount", 2000);
    await press("Tab");
    await type("wrong");
    await press("Enter");
    await press("Enter");
    await expect(dialog.getByText("Asking Twilio who this account is…")).toBeVisible();
    await expect(field("Account SID")).toBeFocused();
    await expect(field("Account SID")).toHaveAccessibleDescription(/Twilio does not know this account/);
    await expect(dialog.getByRole("alert").filter({ hasText: "does not know" })).toBeVisible();
    await expect(token).toHaveValue("");
    expect(account.times("setupAccount")).toBe(1);
    account.takes.clear();
    await expect(button("Check")).toBeEnabled();
    await press("Tab");
    await type("right");
    await press("Enter");
    await expect(dialog.getByText("12.34 USD")).toBeVisible();
    await expect(dialog.getByText("Paid account")).toBeVisible();
    expect(last()?.body).toEqual({ sid: "AC0123456789abcdef0123456789abcdef", token: "right" });
    await expect(button("Go on")).toBeFocused();
    await expect(button("Go on")).toBeEnabled();
    await press("Enter");

    // 2: a number is bought by a second press, and never by a doubled one.
    await title("Which number do listeners call?");
    await expect(dialog.getByRole("radio", { name: "+1 202 555 0100" })).toBeFocused();
    await press("Space");
    await expect(dialog.getByText("This number is in use.")).toBeVisible();
    await press("Tab");
    await press("Tab");
    await expect(button("Buy a number…")).toBeFocused();
    await press("Enter");
    await expect(dialog.getByRole("combobox", { name: "Country" })).toBeFocused();
    await press("Tab");
    await type("202");
    await expect(button("Look for numbers")).toBeEnabled();
    await press("Enter");
    await expect(dialog.getByRole("radio", { name: "+1 202 555 0177" })).toBeFocused();
    expect(last()?.body).toEqual({ country: "US", contains: "202", tollFree: false });
    await expect(dialog.getByRole("radio", { name: "+1 202 555 0179" })).toBeDisabled();
    await press("Space");
    await expect(button("Buy +1 202 555 0177 for 1.15 USD a month")).toBeEnabled();
    await press("Enter");
    await press("Enter");
    const sure = button("Press again: buy +1 202 555 0177 for 1.15 USD a month");
    await expect(sure).toBeVisible();
    await expect(sure).toBeEnabled();
    expect(account.times("setupBuy")).toBe(0);
    await press("Enter");
    await press("Enter");
    await title("Does the DJ have a number to call?");
    await expect(dialog.getByText("+1 202 555 0177 is yours now.")).toBeVisible();
    expect(account.asked.filter((a) => a.op === "setupBuy").map((a) => a.body)).toEqual([
      { number: "+12025550177", price: "1.15" },
    ]);

    // 3: the DJ's number is not the listeners'.
    await expect(dialog.getByRole("radio")).toHaveCount(2);
    await press("ArrowDown");
    await expect(dialog.getByRole("radio", { name: "+1 202 555 0101" })).toBeChecked();
    await press("Tab");
    await type("12");
    await expect(button("Use this number and PIN")).toBeEnabled();
    await press("Enter");
    await expect(dialog.getByText("Type a PIN of 4 to 8 digits.")).toBeVisible();
    await type("4711");
    await expect(dialog.getByLabel("PIN", { exact: true })).toHaveValue("4711");
    await press("Enter");
    await title("Where does Twilio reach this station?");
    expect(last()?.body).toEqual({ number: "+12025550101", pin: "4711" });

    // 4: the address is tried, and looked at again.
    await expect(dialog.getByRole("radio", { name: "By an address of our own" })).toBeFocused();
    for (const name of ["By a tunnel: ngrok", "By a tunnel: cloudflared"]) {
      await press("ArrowDown");
      await expect(dialog.getByRole("radio", { name })).toBeChecked();
    }
    await press("ArrowDown");
    await press("Tab");
    await type("https://callin.example.org");
    await press("Tab");
    await press("Enter");
    await expect(dialog.getByText("reverse_proxy /voice/*")).toBeVisible();
    await press("Shift+Tab");
    const reached = account.state.public as object;
    account.once.set("setupAddress", {
      step: "address",
      public: {
        ...{ ...reached, kind: "own", address: "https://callin.example.org", seen: false },
        trouble: "The certificate is for another name: *.example.net. Twilio refuses that.",
      },
    });
    await expect(button("Try it")).toBeEnabled();
    await press("Enter");
    await expect(dialog.getByText("The certificate is for another name")).toBeVisible();
    await press("Shift+Tab");
    await press("Shift+Tab");
    await expect(button("Look again")).toBeFocused();
    await expect(button("Look again")).toBeEnabled();
    await press("Enter");
    await expect(dialog.getByText("Callin answers at https://callin.example.org, in 184 ms")).toBeVisible();
    await expect(button("Go on")).toBeFocused();
    await expect(button("Go on")).toBeEnabled();
    await press("Enter");

    // 5: what will be changed; another plan than was shown is shown, and another Callin's calls are a press of their own.
    await title("What will be changed");
    await expect(
      dialog.getByRole("list", { name: "What will be changed" }).getByRole("listitem"),
    ).toHaveCount(2);
    account.refuse.set("setupDo", {
      code: "setup",
      message: "What is to be changed is not what was shown. Look at the list again.",
    });
    Object.assign(account.state, { mark: "m2", other: "https://old.example.org" });
    await expect(button("Do it")).toBeFocused();
    await expect(button("Do it")).toBeEnabled();
    await press("Enter");
    await expect(dialog.getByText("is not what was shown")).toBeVisible();
    await expect(
      dialog.getByText("Another Callin has this account's calls: https://old.example.org"),
    ).toBeVisible();
    expect(last()?.op).toBe("setup");
    await expect(button("Take the calls over, and do it")).toBeFocused();
    await expect(button("Take the calls over, and do it")).toBeEnabled();
    await press("Enter");
    await press("Enter");
    await expect(button("Press again: take the calls over")).toBeEnabled();
    expect(account.times("setupDo")).toBe(1);
    account.once.set("setupDo", { again: true });
    await press("Enter");
    await title("The station begins again");
    expect(last()?.body).toEqual({ mark: "m2", over: true });
    await beginAgain(page, false);

    // 6: the first caller.
    await expect(dialog.getByText("Ring +1 202 555 0177 with any telephone now.")).toBeVisible();
    await change(page, { seq: 101, cards: [maria(Date.now())] });
    await expect(dialog.getByText("Your first caller is here: Maria (+1 201 555 0144)")).toBeVisible();
    await expect(button("To the desk")).toBeFocused();
    await press("Enter");
    await expect(dialog).toBeHidden();
    await expect(page.getByRole("button", { name: /^Take Maria/ })).toBeVisible();
    expect(await page.evaluate(() => JSON.stringify({ ...localStorage, ...sessionStorage }))).not.toMatch(
      /right|4711/,
    );
  },
);

test("a connected account shows how it stands, rings a telephone, and is put back by a second press", async ({
  page,
  house,
}) => {
  const account = await open(page, house, false);
  Object.assign(account.state, {
    ...{ step: "try", connected: true, undoable: true, number: "+12025550177", dialIn: "" },
    account: { sid: "AC1", name: "Radio Northgate", says: [], trial: false },
    fixed: ["public_url"],
  });
  await page.getByRole("button", { name: "Account" }).click();
  const dialog = page.getByRole("dialog", { name: "Account" });
  await expect(dialog.getByText("This station runs on Radio Northgate.")).toBeVisible();

  await dialog.getByRole("button", { name: /Address/ }).click();
  await expect(dialog.getByText("is set by the settings file or the environment")).toBeVisible();
  await dialog.getByRole("button", { name: /Change/ }).click();
  await expect(dialog.getByText("Nothing will be changed.")).toBeVisible();

  await dialog.getByRole("button", { name: /Try it/ }).click();
  await dialog.getByText("Have Twilio call one").click();
  await dialog.getByRole("textbox", { name: "Telephone" }).fill("+1 (202) 555-0144");
  await dialog.getByRole("button", { name: "Have Twilio call" }).click();
  await expect(dialog.getByText("the account pays for the call")).toBeVisible();
  expect(account.times("setupCall")).toBe(0);
  await expect(dialog.getByRole("button", { name: "Press again: Twilio calls" })).toBeEnabled();
  await dialog.getByRole("button", { name: "Press again: Twilio calls" }).click();
  await expect(dialog.getByText("Twilio calls +1 202 555 0144 now.")).toBeVisible();
  expect(account.asked.at(-1)?.body).toEqual({ number: "+12025550144" });

  await dialog.getByRole("button", { name: "All, and undo" }).click();
  const undo = dialog.getByRole("button", { name: "Put everything back" });
  await expect(undo).toBeEnabled();
  await undo.dblclick();
  const again = dialog.getByRole("button", { name: "Press again: put everything back" });
  await expect(again).toBeEnabled();
  expect(account.times("setupUndo")).toBe(0);
  account.once.set("setupUndo", {
    again: true,
    left: ["The number +1 202 555 0101 was changed by somebody else since, so it stays as it is."],
  });
  await again.click();
  await expect(dialog.getByText("Everything is put back.")).toBeVisible();
  await beginAgain(page, true);
  await expect(dialog.getByText("was changed by somebody else since")).toBeVisible();
  expect(account.times("setupUndo")).toBe(1);
});

test(
  "a trial account says at each step what it cannot do, and buys no second number",
  long,
  async ({ page, house }) => {
    const account = await open(page, house, true);
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

test(
  "the DJ's number is bought as the listeners' is, and its PIN typed then",
  long,
  async ({ page, house }) => {
    const account = await open(page, house, true);
    const dialog = page.getByRole("dialog");
    const press = async (name: string | RegExp) => {
      const button = dialog.getByRole("button", { name, exact: typeof name === "string" });
      await expect(button).toBeEnabled();
      await button.click();
    };
    account.does("setupAccount");
    Object.assign(account.state, { step: "dialIn", numbers: [numbers[0]], number: numbers[0]?.number });
    await page.keyboard.press("Shift+A");
    await expect(
      dialog.getByText("The account has no second number. Go on without one, or buy one"),
    ).toBeVisible();
    await press("Buy a number…");
    await press("Look for numbers");
    await dialog.getByRole("radio", { name: "+1 202 555 0177" }).check();
    await press(/^Buy \+1/);
    expect(account.times("setupBuy")).toBe(0);
    account.once.set("setupBuy", { number: numbers[0]?.number, dialIn: "+12025550177" });
    await press(/^Press again: buy \+1/);
    await expect(dialog.getByText("+1 202 555 0177 is yours now. Type a PIN for it.")).toBeVisible();
    expect(account.asked.at(-1)?.body).toEqual({ number: "+12025550177", price: "1.15", dialIn: true });
    await expect(dialog.getByRole("radio", { name: "+1 202 555 0177" })).toBeChecked();
    await dialog.getByLabel("PIN", { exact: true }).fill("4711");
    await press("Use this number and PIN");
    await expect(
      dialog.getByRole("heading", { name: "Where does Twilio reach this station?" }),
    ).toBeVisible();
    expect(account.asked.at(-1)?.body).toEqual({ number: "+12025550177", pin: "4711" });
  },
);

test("the bottom line is one line at 1366 px, whatever is to be said", async ({ page, house }) => {
  const now = Date.now();
  const check = { now: false, lostAt: now, mended: 0, mendedAt: 0 };
  const made = stationPicture(true, [maria(now - 3_700_000), { ...maria(now), call: sid(2) }]);
  await madeFeed(page, { ...made, check });
  await page.setViewportSize({ width: 1366, height: 768 });
  await page.goto(house.url);
  const footer = page.getByRole("contentinfo");
  await expect(footer).toContainText("Twilio has not answered since");
  // All of it stands beside one another; of the numbers those for which there is no room are not half there.
  const cut = await footer.evaluate((at) => {
    const box = at.getBoundingClientRect();
    const half = [...at.querySelectorAll("button, [role=status], .phone, .numbers span")].filter((e) => {
      const { top, bottom, left, right } = e.getBoundingClientRect();
      const whole = top >= box.top && bottom <= box.bottom && left >= 0 && right <= innerWidth;
      return (
        !whole &&
        !(e.matches(".numbers span") && top >= (e.parentElement as Element).getBoundingClientRect().bottom)
      );
    });
    return [box.height > 40 ? `${box.height} px high` : "", ...half.map((e) => e.textContent)].join("");
  });
  expect(cut).toBe("");
});

for (const look of ["dark", "light"])
  test(
    `every page of the set-up is without a fault and as wide as the screen, ${look}`,
    long,
    async ({ page, house }) => {
      test.slow(); // seventeen pages are looked at
      await page.addInitScript((theme) => localStorage.setItem("callin.theme", JSON.stringify(theme)), look);
      const account = await open(page, house, true);
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

test("the nearest edge is a proposal, and a region asks for its own token", long, async ({ page, house }) => {
  const account = await open(page, house, true);
  const dialog = page.getByRole("dialog");
  account.does("setupAccount");
  account.does("setupNumber", { number: "+12025550177" });
  account.does("setupDialIn");
  account.does("setupAddress", { kind: "own", address: "https://callin.example.org" });
  await page.keyboard.press("Shift+A");
  await dialog.getByRole("button", { name: /Address/ }).click();
  const edge = dialog.getByRole("region", { name: "Edge of Twilio" });
  await expect(edge).toContainText(
    "Phones reach Twilio by the edge that Twilio chooses (roaming), in the region us1: 118 ms there and back.",
  );
  await expect(edge).toContainText("Frankfurt is nearer: 23 ms there and back.");
  await expect(edge).toContainText("Measured from the station's computer.");
  expect(account.times("setupPlace")).toBe(0); // nothing is switched by itself
  await edge.getByRole("button", { name: "Use Frankfurt" }).click();
  await expect(edge).toContainText("Phones reach Twilio by the edge frankfurt, in the region us1: 23 ms");
  await expect(edge.getByRole("button", { name: "Use Frankfurt" })).toBeHidden();
  expect(account.asked.at(-1)).toEqual({ op: "setupPlace", body: { edge: "frankfurt", region: "us1" } });

  await edge.getByText("Another edge or region").click();
  await expect(edge.getByRole("radio", { name: "Sydney (sydney)" })).toHaveAccessibleDescription(
    "not reached",
  );
  await edge.getByRole("radio", { name: "Ireland (ie1)" }).check();
  await expect(edge.getByRole("radio", { name: "Sydney (sydney)" })).toBeHidden();
  const token = edge.getByLabel("Auth Token of this region", { exact: true });
  account.refuse.set("setupPlace", {
    ...{ code: "bad_field", field: "token" },
    message: "In the region ie1 Twilio does not know this account with this auth token.",
  });
  await token.fill("wrong");
  const use = edge.getByRole("button", { name: "Use this" });
  await expect(use).toBeEnabled();
  await use.click();
  await expect(edge.getByRole("alert").filter({ hasText: "does not know this account" })).toBeVisible();
  await expect(token).toHaveValue("");
  await token.fill("right");
  await expect(use).toBeEnabled();
  await use.click();
  await expect(edge).toContainText("by the edge dublin, in the region ie1");
  expect(account.asked.at(-1)?.body).toEqual({ edge: "dublin", region: "ie1", token: "right" });
});
