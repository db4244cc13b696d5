import AxeBuilder from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import { Desk } from "./kit/desk";
import { long } from "./kit/long";
import { expect, test } from "./kit/test";

const overview = (page: Page) => page.getByRole("dialog", { name: "Keys" });
const letters = (page: Page) => page.getByLabel("Letters, digits and signs are keys");
/** The same key again at once would be one press, doubled. */
const apart = (page: Page) => page.waitForTimeout(900);

/** Goes to a button of the overview by the Tab key. */
async function tabTo(page: Page, name: string) {
  const button = overview(page).getByRole("button", { name, exact: true });
  const isThere = () => button.evaluate((it) => it === document.activeElement);
  for (let n = 0; n < 80 && !(await isThere()); n++) await page.keyboard.press("Tab");
  await expect(button).toBeFocused();
}

test("a key is changed by keys alone, in all tabs at once, and works as the one of before did", async ({
  desk,
  house,
  context,
}) => {
  const { page } = desk;
  const other = new Desk(await context.newPage(), new URL(house.url).origin);
  await other.open();
  const ana = await house.ring();
  const ben = await house.ring();
  await desk.is(ben, "ready");
  await page.bringToFront();
  // A page that comes to the front draws what it has not drawn: Next is taken once it has stood still.
  await expect(async () => {
    await page.keyboard.press("F1");
    await expect(desk.card(ana, "On air")).toBeVisible({ timeout: 2000 });
  }).toPass({ timeout: 30_000 });
  await desk.is(ana, "on air");
  const allShow = (button: string, key: string) =>
    Promise.all([desk, other].map((d) => expect(d.button(button)).toHaveAttribute("aria-keyshortcuts", key)));
  await allShow("Drop Ana", "F10");

  await page.keyboard.press("?");
  await tabTo(page, "Change the key of Drop the current caller, now F10");
  await page.keyboard.press("Enter");
  const awaits = page.getByLabel("Press the new key of Drop the current caller, Esc leaves it");
  await expect(awaits).toBeFocused();
  const said = overview(page)
    .getByRole("status")
    .filter({ hasText: /Press|now/ });
  await page.keyboard.press("5"); // Ben is not taken by it
  await expect(said).toContainText("The digits 1 to 9 are callers");
  await page.keyboard.press("F1"); // nor by this
  await expect(said).toContainText("F1 is “Next: take the next caller”. Press it again to swap");
  await page.keyboard.press("Escape");
  await expect(awaits).toBeHidden();
  await expect(overview(page)).toBeVisible();
  await expect(desk.button("Change the key of Drop the current caller, now F10")).toBeFocused();
  await page.keyboard.press("Enter");
  await page.keyboard.press("Alt+d");
  await expect(said).toContainText("“Drop the current caller” is Alt D now.");
  await expect(desk.button("Change the key of Drop the current caller, now Alt D")).toBeFocused();
  await expect(overview(page)).toContainText("changed, standard is F10");
  await page.keyboard.press("Escape");
  await allShow("Drop Ana", "Alt+D");
  await expect(other.button("Drop Ana").locator("kbd")).toHaveAttribute("data-cap", "Alt D");

  // The old key is none: who was dropped could not be held.
  await page.keyboard.press("F10");
  await page.keyboard.press("F6");
  await desk.is(ana, "on hold");
  await expect(desk.button("Next")).toBeEnabled(); // what it does has been seen
  await page.keyboard.press("F1");
  await desk.is(ben, "on air");
  await page.keyboard.press("r"); // the record covers the desk
  await page.getByRole("searchbox").first().focus();
  await page.keyboard.press("Alt+d");
  await page.keyboard.press("Alt+d"); // doubled
  await desk.isNowhere(ben);
  await page.keyboard.press("Escape");
  await desk.is(ana, "on hold");
});

test(
  "letters go on Ctrl and back, and what is set survives a reload",
  long,
  async ({ desk, house, context }) => {
    const { page } = desk;
    const other = new Desk(await context.newPage(), new URL(house.url).origin);
    await other.open();
    await page.bringToFront();
    const ana = await house.ring();
    await desk.is(ana, "ready");
    const take = desk.button("Take Ana");
    await expect(take).toHaveAttribute("aria-keyshortcuts", "1");

    for (const is of ["opens", "closes", "opens"]) {
      await page.keyboard.press("?");
      await expect(overview(page)).toBeVisible({ visible: is === "opens" });
    }
    await letters(page).focus();
    await page.keyboard.type("with C");
    await expect(overview(page)).toContainText(
      "These do nothing in it: Take to air; Make next; Lanes: this desk in reserve for another one, or no more; " +
        "How long each one waits, and the queue over the show; Say who is next; Say how many wait. Change their keys, or choose Alt.",
    );
    await page.keyboard.press("Escape");
    for (const d of [desk, other])
      await expect(d.button("Take Ana")).toHaveAttribute("aria-keyshortcuts", "Control+1");
    await page.reload();
    await desk.isOnLine();
    await expect(take).toHaveAttribute("aria-keyshortcuts", "Control+1");

    await page.keyboard.press("1");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("l");
    await page.keyboard.press("Control+e");
    const name = page.getByLabel("Name", { exact: true });
    await name.fill("Anna");
    await page.keyboard.press("Control+a"); // the field's own
    await page.keyboard.type("Annabel");
    await expect(name).toHaveValue("Annabel");
    await page.keyboard.press("Escape");
    await page.waitForTimeout(1600); // letters are meant for a card for as long
    await page.keyboard.press("Control+l");
    await expect(desk.button("Unlock Ana")).toBeVisible(); // and was not locked before
    await desk.is(ana, "ready");
    await expect(desk.region("Messages").getByRole("button")).toHaveCount(0);

    await page.keyboard.press("Control+?");
    await page.getByRole("button", { name: "Standard keys" }).press("Enter");
    await desk.asksAgain("Press again: all keys as they came");
    await expect(letters(page)).toHaveValue("ctrl");
    await desk.button("Press again: all keys as they came").press("Enter");
    await expect(letters(page)).toHaveValue("alone");
    await page.keyboard.press("Escape");
    for (const d of [desk, other])
      await expect(d.button("Take Ana")).toHaveAttribute("aria-keyshortcuts", "1");
    await apart(page);
    await page.keyboard.press("1");
    await desk.is(ana, "on air");
  },
);

for (const theme of ["dark", "light"] as const)
  test(`the overview has no accessibility fault while a key is awaited, ${theme}`, long, async ({ desk }) => {
    const { page } = desk;
    if (theme === "light") await desk.button(/^Theme: dark/).click();
    await expect(page.locator("html")).toHaveAttribute("data-theme", theme);
    await page.keyboard.press("?");
    await letters(page).selectOption("ctrl");
    await desk.button(/^Change the key of Lock/).press("Enter");
    await page.keyboard.press("F7");
    await desk.button(/^Change the key of Hold or resume, /).press("Enter");
    await page.keyboard.press("F10");
    await expect(overview(page)).toContainText("Press it again to swap");
    const result = await new AxeBuilder({ page }).analyze();
    expect(result.violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.html).join("\n")}`)).toEqual([]);
  });
