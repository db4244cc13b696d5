import { beginAgain, maria, openSetUp } from "./kit/account";
import { change } from "./kit/feed";
import { long } from "./kit/long";
import { expect, test } from "./kit/test";

test(
  "a technician connects an account by the keyboard alone, to the first caller",
  long,
  async ({ page, house }) => {
    const account = await openSetUp(page, house, true);
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
