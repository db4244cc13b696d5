import { long } from "./kit/long";
import { expect, test } from "./kit/test";

for (const name of ["Record", "Keys"]) {
  test(
    `${name} keeps the keyboard while it is open, and then gives it back`,
    name === "Record" ? {} : long,
    async ({ desk }) => {
      const { page } = desk;
      const opener = page.getByRole("contentinfo").getByRole("button", { name });
      const overlay = page.getByRole("dialog", { name });

      await opener.focus();
      await page.keyboard.press("Enter");
      await expect(overlay).toBeVisible();
      const focused = new Set<string>();
      for (let i = 0; i < 12; i++) {
        await page.keyboard.press("Tab");
        focused.add(
          await page.evaluate(() => {
            const { activeElement: at, body } = document;
            // Between its last control and its first the browser's own come, and the page has no focus.
            return at === body || at?.closest("dialog") ? "inside" : (at?.outerHTML ?? "");
          }),
        );
      }
      expect([...focused]).toEqual(["inside"]);
      await page.keyboard.press("Escape");
      await expect(overlay).toBeHidden();
      await expect(opener).toBeFocused();

      await page.keyboard.press("Enter");
      await overlay.getByRole("button", { name: name === "Record" ? "Back to the desk" : /^Close/ }).click();
      await expect(overlay).toBeHidden();
      await expect(opener).toBeFocused();
    },
  );
}

test("what is said while an overlay is open is seen, heard and dismissed in it", async ({ desk, house }) => {
  const { page } = desk;
  const ana = await house.ring();
  const ben = await house.ring();
  await desk.is(ben, "ready");
  await desk.next();
  await desk.is(ana, "on air");
  await page.getByRole("contentinfo").getByRole("button", { name: "Record" }).press("Enter");
  const overlay = page.getByRole("dialog", { name: "Record" });
  const messages = overlay.getByRole("region", { name: "Messages" });
  const urgent = overlay.getByRole("log", { name: "What is urgent" });
  await expect(overlay).toBeVisible();

  await ana.hangUp();
  await expect(urgent.getByText("Ana, on air, hung up.")).toBeAttached();
  await page.keyboard.press("F10");
  await expect(messages.getByText("Nobody is on air.")).toBeInViewport();
  await messages.getByRole("button", { name: "Dismiss: Nobody is on air." }).click();
  await expect(messages.getByRole("listitem")).toHaveCount(0);

  await page.waitForTimeout(900); // the same key again at once would be one press, doubled
  await page.keyboard.press("F10");
  await expect(messages.getByText("Nobody is on air.")).toBeVisible();
  const search = overlay.getByRole("searchbox");
  await search.evaluate((field: HTMLElement) => field.blur());
  await page.keyboard.press("j");
  await page.keyboard.press("Enter");
  await expect(messages.getByRole("listitem")).toHaveCount(0);
  await expect(overlay.locator(":focus")).toHaveCount(1);

  // An alert of the desk behind it: nobody can press there, so that this one is lost by a script.
  await page.keyboard.press("F1");
  await desk.is(ben, "on air");
  const press = (name: string) =>
    page
      .locator(`button[aria-label="${name}"]:not([aria-disabled])`)
      .evaluate((button: HTMLElement) => button.click());
  await press("Disconnect the phone");
  await expect(urgent).toContainText("Ben is on air and will hear you no more.");
  await press("Press again to disconnect the phone");
  const lost = "The phone was disconnected by hand. Ben is on hold.";
  await expect(messages.getByText(lost)).toBeInViewport();
  await expect(urgent.getByText(lost)).toHaveCount(1);

  await page.keyboard.press("Escape");
  await expect(overlay).toBeHidden();
  await expect(desk.region("Messages").getByText(lost)).toBeVisible();
  await expect(page.getByRole("log", { name: "What is urgent" }).getByText(lost)).toHaveCount(0); // it is not said again
});

test("what is wrong with the desk as a whole is said in an overlay too", long, async ({ desk, house }) => {
  const { page } = desk;
  await page.keyboard.press("?");
  const overlay = page.getByRole("dialog", { name: "Keys" });
  await expect(overlay).toBeVisible();
  await house.callin.end("SIGKILL");
  const words = overlay.getByText("Callin is not answering. Calls go on.");
  await expect(words).toBeInViewport({ timeout: 15_000 });
  await page.keyboard.press("Escape");
  await expect(overlay).toBeHidden();
  await expect(page.getByText("Callin is not answering. Calls go on.")).toBeVisible();
});
