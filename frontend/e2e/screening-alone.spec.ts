import { dj, expect, test } from "./kit/test";

test.use({ toml: "screens = true" });

test("a host alone screens: off air on the own line, the card as it is typed, then ready and on air", async ({
  desk,
  house,
}) => {
  const { page } = desk;
  const ana = await house.ring();
  const ben = await house.ring();
  await expect(desk.card(ben, "To screen")).toBeVisible();
  const withYou = desk.region("With you, off air");

  await page.keyboard.press("F2");
  await expect(withYou.getByText("you talk, off air")).toBeVisible();
  await Promise.all([desk.hears(ana), ana.hears(dj), ana.heard(/You are not on air/)]);
  await expect(desk.region("On air")).toContainText("Nobody is on air.");
  await expect(desk.region("Ready").locator("li[data-call]")).toHaveCount(0);
  await Promise.all([ben.hearsNot(dj), ben.hearsNot(ana.hz), desk.hearsNot(ben)]);

  // The card takes what is typed at once, and another page shows it before it is whole.
  const other = await desk.page.context().newPage();
  await other.goto(new URL("/", desk.url).href);
  await expect(withYou.getByLabel("Point, in a few words")).toBeFocused();
  await page.keyboard.type("The ferry");
  await expect(other.getByLabel("Point, in a few words")).toHaveValue("The ferry");
  await page.keyboard.press("Tab");
  await page.keyboard.type("Retired captain");
  // A reload loses neither the last words nor the caller, who is held until the phone is back.
  await page.reload();
  await expect(withYou.getByText(/^on hold/)).toBeVisible();
  for (const each of [page, other])
    await expect(each.getByLabel("Note for the host")).toHaveValue("Retired captain");
  await other.close();
  await withYou.getByRole("button", { name: /^Resume/ }).press("Enter");
  await Promise.all([desk.hears(ana), ana.hears(dj)]);

  await page.keyboard.press("F4");
  await desk.is(ana, "ready");
  await expect(desk.card(ana, "Ready")).toContainText("The ferry");
  await ana.heard(/You are ready to go on air/);
  await desk.isOnLine();
  await Promise.all([ana.hearsNot(dj), desk.hearsNot(ana)]);

  await expect(desk.button("Next")).toBeEnabled();
  await page.keyboard.press("F1");
  await desk.is(ana, "on air");
  await Promise.all([desk.hears(ana), ana.hears(dj)]);

  // Who is on air is not left for who is not.
  await page.keyboard.press("F2");
  await expect(desk.region("Messages")).toContainText("Ana is on air with you, and this desk has one phone.");
  await expect(desk.card(ben, "To screen")).toBeVisible();
  await Promise.all([desk.hears(ana), ana.hears(dj), ben.hearsNot(dj)]);
});
