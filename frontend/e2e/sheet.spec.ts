import AxeBuilder from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import { long } from "./kit/long";
import { expect, test } from "./kit/test";

const pagesOf = async (page: Page) =>
  (await page.pdf()).toString("latin1").match(/\/Type\s*\/Page\b/g)?.length;

test("a show that has closed is told by its callers, on paper too, and again from the record", async ({
  desk,
  house,
}) => {
  const { page } = desk;
  const ana = await house.ring();
  const ben = await house.ring();
  await desk.is(ben, "ready");
  await desk.note(ana, { Name: "Ana", Location: "Leeds", Topic: "<b>the tower</b>" });
  await desk.next();
  await desk.is(ana, "on air");
  await page.reload(); // its phone is lost
  await desk.isOnLine();
  await desk.is(ana, "on hold");
  await ana.hangUp();
  await desk.isNowhere(ana);
  await desk.closeShow();

  const { sheet } = desk;
  await expect(sheet).toBeVisible({ timeout: 20_000 });
  const line = sheet.getByRole("row", { name: /^Ana/ });
  await expect(line).toContainText("+1 201 555 0100 · Leeds");
  await expect(line).toContainText("<b>the tower</b>");
  await expect(line).toContainText("By Next at the desk. Hung up");
  await expect(line).toContainText("Put on hold by Callin: the desk's phone was lost");
  await expect(sheet.getByRole("row", { name: /^Ben/ })).toContainText("Heard the closing words");
  await expect(sheet.getByText("What went wrong").locator("xpath=following-sibling::ul[1]")).toContainText(
    "The desk's phone was lost",
  );
  expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
  expect(await pagesOf(page)).toBe(1);
  await page.emulateMedia({ media: "print" });
  await expect(sheet.getByRole("button")).toHaveCount(0);
  await expect(page.getByText("Callers dial")).toBeHidden();
  await page.emulateMedia({ media: null });
  await page.keyboard.press("Escape");
  await expect(sheet).toBeHidden();
  await expect(desk.button(/^Open/)).toBeFocused();

  await page.keyboard.press("r");
  const record = page.getByRole("dialog", { name: "Record" });
  const steps = record.getByRole("list", { name: "What happened with Ana" });
  const anas = record.getByRole("button", { name: "Ana: what happened" });
  await anas.press("Enter");
  await expect(steps).toContainText("Next was pressed at the desk");
  await expect(steps).toContainText("Failed: Put on hold by Callin");
  await expect(anas).toHaveAttribute("aria-expanded", "true");
  await expect(record).not.toContainText("Left Twilio's queue");
  await record.getByRole("button", { name: "What failed" }).click();
  await expect(record.getByRole("row").filter({ hasText: "Ben" })).toHaveCount(0);
  await expect(record.getByRole("row").filter({ hasText: "The desk's phone was lost" })).not.toHaveCount(0);
  expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
  await anas.press("Space");
  await expect(steps).toBeHidden();

  await page.keyboard.press("Shift+R");
  await expect(sheet).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(sheet).toBeHidden();
  await expect(anas).toBeFocused();
  await page.keyboard.press("Escape");
  await expect(record).toBeHidden();
});

test("a long show takes more pages, with every caller on them", long, async ({ desk, house }) => {
  const { page } = desk;
  await house.ring();
  await page.route("**/api/op/sheet", async (route) => {
    const answer = await route.fetch();
    const sheet = await answer.json();
    const [one] = sheet.callers;
    sheet.callers = Array.from({ length: 300 }, (_, i) => ({ ...one, call: `CA${i}`, name: `Caller ${i}` }));
    await route.fulfill({ response: answer, json: sheet });
  });
  await page.keyboard.press("Shift+R");
  const sheet = page.getByRole("dialog", { name: "The show so far" });
  await expect(sheet.getByRole("row")).toHaveCount(201);
  await expect(sheet.getByRole("button", { name: "Show 100 more" })).toBeVisible();
  expect(await pagesOf(page)).toBeGreaterThan(4);
  await expect(sheet.getByRole("row")).toHaveCount(301);
});

test("the sheet of a show waits until nobody is on air", long, async ({ desk, house }) => {
  const ana = await house.ring();
  await desk.is(ana, "ready");
  await desk.next();
  await desk.is(ana, "on air");
  await desk.closeShow();
  await expect(desk.button(/^Open/)).toBeEnabled();
  await expect(desk.page.getByRole("banner")).toContainText("Closed");
  await desk.is(ana, "on air");
  await expect(desk.sheet).toBeHidden();
  await ana.hangUp();
  await expect(desk.sheet.getByRole("row", { name: /^Ana/ })).toContainText("Hung up");
});
