import AxeBuilder from "@axe-core/playwright";
import { expect, test } from "./kit/test";

test("the doctor finds nothing wrong with a station, then what is, and has a sheet for the wall", async ({
  desk,
  house,
}) => {
  const { page } = desk;
  await page.keyboard.press("Shift+L");
  const dialog = page.getByRole("dialog", { name: "Doctor" });
  const finding = (name: string) =>
    dialog.getByRole("listitem").filter({ has: page.getByText(name, { exact: true }) });
  await expect(dialog.getByRole("status").last()).toContainText(/Nothing is wrong/, { timeout: 15_000 });
  await expect(finding("Credentials")).toContainText("fine");
  await expect(finding("Microphone")).toContainText(/is open and hears something/);
  await expect(finding("Sound")).toContainText("Sound passes both ways");
  const axe = await new AxeBuilder({ page }).analyze();
  expect(axe.violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.html).join("\n")}`)).toEqual([]);

  await house.stage.request("POST", "/stage/account", { account: { balance: 0 } });
  await dialog.getByRole("button", { name: "Look again" }).click();
  await expect(finding("Balance")).toContainText("wrong", { timeout: 15_000 });
  await expect(finding("Balance").locator(".do")).not.toBeEmpty();
  await expect(finding("Credentials")).toContainText("fine");

  await dialog.getByRole("button", { name: "Emergency sheet" }).click();
  const sheet = page.getByRole("dialog", { name: "Emergency sheet" });
  await expect(sheet.getByText("+1 202 555 0101")).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(sheet).toBeHidden();
});
