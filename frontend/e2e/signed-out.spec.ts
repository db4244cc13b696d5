import { dj, expect, test } from "./kit/test";

test("a page that is signed out lets nothing be pressed but its phone, and says why", async ({
  desk,
  house,
}) => {
  const ana = await house.ring();
  const ben = await house.ring();
  await desk.is(ben, "ready");
  await desk.next();
  await desk.is(ana, "on air");
  const deeds = [
    desk.button("Next"),
    ...["Drop", "Hold", "Lock", "Edit"].map((deed) => desk.button(new RegExp(`^${deed} Ana`))),
    ...["Take", "Drop", "On deck"].map((deed) => desk.button(`${deed} Ben`)),
    desk.button("A caller rings"),
  ];
  for (const deed of deeds) await expect(deed).toBeEnabled();

  await desk.page.keyboard.press("?");
  await desk.button("Sign out all browsers").click();
  await desk.button(/^Press again to sign out/).click();
  await expect(desk.button("Sign out all browsers")).toBeDisabled();
  await desk.page.keyboard.press("Escape");
  for (const deed of deeds) await expect(deed).toBeDisabled();
  await expect(desk.page.getByRole("status").filter({ hasText: "signed out" })).toBeVisible();
  await expect(desk.button("Next")).toHaveAccessibleDescription(/signed out/);

  // The call goes on, and so does what the page does by itself.
  await Promise.all([desk.hears(ana), ana.hears(dj)]);
  await desk.button("Mute").click();
  await ana.hearsNot(dj);
  await desk.button(/^Disconnect/).click();
  await desk.button(/^Press again to disconnect/).click();
  await ana.heard(/hold\.wav/);
});
