import { expect, test } from "./kit/test";

test("what was typed into a card is there after Callin is killed", async ({ desk, house }) => {
  const ana = await house.ring();
  await desk.is(ana, "ready");

  await desk.note(ana, { Name: "Anabel", Location: "Leeds", Topic: "The tower" });
  await house.callin.end("SIGKILL");
  const { origin } = new URL(house.url);
  await house.start();
  expect(new URL(house.url).origin, "an open page must find its desk again").toBe(origin);

  const card = desk.card(ana).getByRole("button", { name: /^Edit Anabel\b.*Leeds\b.*The tower/ });
  await expect(card, "on the page that stayed open").toBeVisible();
  await desk.page.reload();
  await expect(card, "on a new page").toBeVisible();
});
