import { expect, test } from "./kit/test";

test("what was typed into a card is there after Callin is killed", async ({ desk, house }) => {
  const ana = await house.ring();
  await desk.isIn(ana, "Waiting");

  await desk.note(ana, { name: "Anabel", location: "Leeds", topic: "The tower" });
  await house.callin.end("SIGKILL");
  const address = house.url;
  await house.start();
  expect(house.url, "an open page must find its desk again").toBe(address);

  await desk.page.goto(house.url);
  await expect(desk.field("Name", "Anabel")).toBeVisible();
  await expect(desk.field("Topic", "The tower")).toBeVisible();
  await expect(desk.field("Location", "Leeds")).toBeVisible();
});
