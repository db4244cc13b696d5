import { Desk } from "./kit/desk";
import { expect, test } from "./kit/test";

const spaced = (number: string) => number.replace(/^\+1(\d{3})(\d{3})(\d{4})$/, "+1 $1 $2 $3");

test("a telephone takes the callers, and wrong PINs lock it until the desk unlocks it", async ({
  house,
  page,
}) => {
  const it = new Desk(page, house.url);
  await it.openOnLine();
  const phone = it.region("Phone");
  const to = house.stage.rehearsal.dial_in_number;
  await expect(phone).toContainText(`On a telephone: ${spaced(to)}, PIN 1234`);

  const ana = await house.ring();
  await it.is(ana, "ready");
  const dj = await house.stage.ring({ name: "DJ", tone: 350, to, keys: "1234" });
  await expect(phone).toContainText("A telephone takes the callers");
  await it.is(ana, "direct");
  await ana.hears(350);
  await dj.hangUp();
  await it.is(ana, "ready");

  for (const keys of ["1111ww2222ww3333", "4444ww5555"]) {
    await house.stage.ring({ to, keys, number: "+12025550155" });
  }
  await expect(phone.getByText("+1 202 555 0155 is locked after five wrong PINs")).toBeVisible();
  await it.button("Unlock").click();
  await expect(phone).not.toContainText("locked");
});

test("a message that a caller leaves is listed, played and deleted", async ({ house, page }) => {
  const it = new Desk(page, house.url);
  await it.open();
  await it.closeShow();
  await it.leaveSheet();
  const zoe = await house.stage.ring({ name: "Zoe", number: "+12015550177", tone: 620 });
  await zoe.heard(/To leave a message, press 1/);
  await zoe.press("1");
  const messages = page.getByRole("region", { name: "Messages left" });
  await expect(messages.getByRole("status")).toHaveText("A caller is leaving a message.");
  await zoe.heardKind("beep");
  await zoe.press("ww#");
  const message = messages.getByRole("listitem");
  await expect(message).toContainText(/Zoe.*0:0[1-9]/);

  await it.button("Play the message of Zoe").click();
  await expect(it.button("Stop the message of Zoe")).toBeVisible();
  await expect(it.button("Play the message of Zoe")).toBeVisible(); // it was played to its end
  await it.button("Play the message of Zoe").click();
  await it.button("Stop the message of Zoe").click();
  await it.button("Delete the message of Zoe").click();
  await expect(messages).toHaveCount(0);
});
