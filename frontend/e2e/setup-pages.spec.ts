import { beginAgain, numbers, openSetUp } from "./kit/account";
import { long } from "./kit/long";
import { expect, test } from "./kit/test";

test("a connected account shows how it stands, rings a telephone, and is put back by a second press", async ({
  page,
  house,
}) => {
  const account = await openSetUp(page, house, false);
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
  "the DJ's number is bought as the listeners' is, and its PIN typed then",
  long,
  async ({ page, house }) => {
    const account = await openSetUp(page, house, true);
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

test("the nearest edge is a proposal, and a region asks for its own token", long, async ({ page, house }) => {
  const account = await openSetUp(page, house, true);
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
