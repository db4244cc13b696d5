import { Desk } from "./kit/desk";
import { long } from "./kit/long";
import { dj, expect, test } from "./kit/test";

test("the phone is taken off air only by a second press, and the desk says what was done", async ({
  desk,
  house,
}) => {
  const ana = await house.ring();
  await desk.is(ana, "ready");
  await desk.next();
  await desk.hears(ana);
  // Everything that the desk ever says of the phone and of those on air from here on.
  await desk.page.evaluate(() => {
    const said: string[] = [];
    const note = () => said.push(document.body.innerText);
    new MutationObserver(note).observe(document.body, {
      subtree: true,
      childList: true,
      characterData: true,
    });
    Object.assign(window, { said });
  });

  const alert = (text: string | RegExp) => desk.page.getByRole("alert").filter({ hasText: text });
  await desk.page.keyboard.press("p");
  await expect(alert("Ana is on air")).toBeVisible();
  await desk.page.keyboard.press("p"); // doubled
  await Promise.all([desk.hears(ana), ana.hears(dj)]);

  await expect(desk.button("Disconnect the phone")).toBeVisible({ timeout: 9000 }); // it is asked for six seconds
  await desk.page.keyboard.press("p");
  await desk.asksAgain("Press again to disconnect the phone");
  await desk.page.keyboard.press("p");
  await expect(alert("The phone was disconnected by hand. Ana is on hold.")).toBeVisible();
  await desk.is(ana, "on hold");
  await expect(desk.region("Phone").getByRole("status").first()).toHaveText(/Not connected$/);
  const said = await desk.page.evaluate(() => (window as unknown as { said: string[] }).said);
  expect(said.filter((text) => /nother page|was lost|has left the line/.test(text))).toEqual([]);

  await desk.button("Connect the phone").press("Enter"); // with nobody on air it asks nothing
  await desk.isOnLine();
  await expect(alert("The phone was disconnected by hand. Ana is on hold.")).toBeVisible();
  await desk.page.keyboard.press("b");
  await desk.is(ana, "on air");
  await Promise.all([desk.hears(ana), ana.hears(dj)]);

  await desk.button("Direct mode").click(); // takes the phone off the line as well
  await expect(alert("Ana is on air")).toBeVisible();
  await desk.hears(ana);
});

test(
  "every page says what became of the phone, whichever page had it",
  long,
  async ({ desk, house, context }) => {
    const ana = await house.ring();
    await desk.is(ana, "ready");
    await desk.next();
    await desk.is(ana, "on air");
    const says = (page: Desk, words: string) =>
      expect(page.page.getByRole("alert").filter({ hasText: `${words} Ana is on hold.` })).toBeVisible();
    await desk.page.keyboard.press("p");
    await desk.asksAgain("Press again to disconnect the phone");
    await desk.page.keyboard.press("p");
    await says(desk, "The phone was disconnected by hand.");

    const other = new Desk(await context.newPage(), new URL(house.url).origin);
    await other.open();
    await says(other, "The phone was disconnected by hand.");
    await other.isOnLine(); // an opened page's phone connects by itself
    await other.page.keyboard.press("b");
    await other.is(ana, "on air");
    await other.page.close();
    await says(desk, "The phone was lost.");
  },
);
