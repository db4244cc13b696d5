import { expect, test } from "./kit/test";

for (const name of ["Record", "Keys"]) {
  test(`${name} keeps the keyboard while it is open, and then gives it back`, async ({ desk }) => {
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
  });
}
