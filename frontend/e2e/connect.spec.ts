import { expect } from "@playwright/test";
import { Desk } from "./kit/desk";
import { microphone } from "./kit/microphone";
import { test } from "./kit/newcomer";

const spaced = (number: string) => number.replace(/^\+1(\d{3})(\d{3})(\d{4})$/, "+1 $1 $2 $3");

test("from a rehearsal to the first caller on one's own account, by the keyboard alone", async ({
  page,
  newcomer,
}) => {
  const { account_sid, auth_token, listeners_number, dial_in_number } = newcomer.stage.rehearsal;
  const dialog = page.getByRole("dialog");
  const press = (key: string) => page.keyboard.press(key);
  const type = (words: string) => page.keyboard.type(words);
  const button = (name: string | RegExp) =>
    dialog.getByRole("button", { name, exact: typeof name === "string" });
  const title = (name: string, timeout?: number) =>
    expect(dialog.getByRole("heading", { name, level: 3 })).toBeVisible({ timeout });
  /** Enter, as soon as the button takes it. */
  const enter = async (name: string | RegExp) => {
    await expect(button(name)).toBeEnabled();
    await press("Enter");
  };
  await page.goto(newcomer.url);
  const desk = new Desk(page, newcomer.url);
  await desk.isOnLine();
  const before = await newcomer.numbers();

  await press("Shift+A");
  await expect(dialog.getByRole("textbox", { name: "Account SID", exact: true })).toBeFocused();
  await type(account_sid);
  await press("Tab");
  await type(auth_token);
  await enter("Check");
  await expect(button("Go on")).toBeFocused();
  await enter("Go on");

  await title("Which number do listeners call?");
  await expect(dialog.getByRole("radio", { name: spaced(listeners_number) })).toBeFocused();
  await press("Space");
  await enter("Use this number");
  await press("Enter"); // doubled: the page that comes meanwhile does not take it

  // A reload on the way: it goes on where it was.
  await title("Does the DJ have a number to call?");
  await page.reload();
  await desk.isOnLine();
  await press("Shift+A");
  await title("Does the DJ have a number to call?");
  await press("Space");
  await expect(dialog.getByRole("radio", { name: spaced(dial_in_number) })).toBeChecked();
  await press("Tab");
  await type("4711");
  await enter("Use this number and PIN");

  await title("Where does Twilio reach this station?");
  const forward = (await dialog.getByText("It must lead to").locator("code").textContent()) ?? "";
  expect(forward).toMatch(/^127\.0\.0\.1:\d+$/);
  // A stand-in on this computer is reached without a tunnel, and without a web server.
  await expect(dialog.getByRole("textbox", { name: "Address", exact: true })).toBeFocused();
  await expect(dialog.getByText(/ngrok|cloudflared|Caddy/)).toHaveCount(0);
  await type(`http://${forward}`);
  await enter("Try it");
  await expect(dialog.getByText(`Callin answers at http://${forward}`)).toBeVisible();
  await expect(button("Go on")).toBeFocused();
  await enter("Go on");

  await title("What will be changed");
  await expect(dialog.getByRole("list", { name: "What will be changed" }).getByRole("listitem")).toHaveCount(
    5,
  );
  expect(await newcomer.numbers()).toEqual(before);
  await expect(button("Do it")).toBeFocused();
  await enter("Do it");

  // The station begins again by itself, and the page is back by itself.
  await title("Try it", 15_000);
  await expect(button(/^Open the show/)).toBeFocused();
  await enter(/^Open the show/);
  await expect(dialog.getByText(`Ring ${spaced(listeners_number)} with any telephone now.`)).toBeVisible();
  const maria = await newcomer.stage.ring({ name: "Maria", tone: 440, number: "+12015550144" });
  await expect(dialog.getByText("Your first caller is here:")).toBeVisible();
  await expect(button("To the desk")).toBeFocused();
  await enter("To the desk");
  await expect(dialog).toBeHidden();
  await desk.isOnLine();
  await expect(page.getByRole("button", { name: "Rehearsal account" })).toBeVisible();
  await desk.is(maria, "ready");
  // Next is taken once it has stood still for a moment.
  await expect(async () => {
    await press("F1");
    await expect(desk.card(maria, "On air")).toBeVisible({ timeout: 2000 });
  }).toPass({ timeout: 30_000 });
  await desk.is(maria, "on air");
  await maria.hears(microphone.hz);
  await desk.hears(maria);
  const kept = await page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }]));
  expect(kept + (await page.content())).not.toContain(auth_token);
});
