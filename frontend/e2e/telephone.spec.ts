import { createHmac } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { Desk } from "./kit/desk";
import { expect, type House, test } from "./kit/test";

/** Tells Callin, as Twilio would, that a caller has left a message. */
async function leaveMessage(house: House, seconds: number): Promise<void> {
  const kept = JSON.parse(await readFile(join(house.data, "rehearsal", "kept.json"), "utf8")) as {
    voice_port: number;
  };
  const { account_sid, auth_token } = house.stage.rehearsal;
  const recording = `https://api.twilio.com/2010-04-01/Accounts/${account_sid}/Recordings/RE${"7".repeat(32)}`;
  const form = new URLSearchParams({
    CallSid: `CA${"7".repeat(32)}`,
    CallerName: "Zoe",
    From: "+12015550177",
    RecordingDuration: String(seconds),
    RecordingUrl: recording,
  });
  const url = `http://127.0.0.1:${kept.voice_port}/voice/recording`;
  const signed = [...form].sort().map(([name, value]) => name + value);
  const signature = createHmac("sha1", auth_token)
    .update(url + signed.join(""))
    .digest("base64");
  const answer = await fetch(url, {
    method: "POST",
    body: form,
    headers: { "X-Twilio-Signature": signature },
  });
  expect(answer.status).toBe(200);
}

test("a telephone takes the callers, and wrong PINs lock it until the desk unlocks it", async ({
  house,
  page,
}) => {
  const it = new Desk(page, house.url);
  await it.openOnLine();
  const phone = it.region("Phone");
  const to = house.stage.rehearsal.dial_in_number;
  await expect(phone).toContainText(`On a telephone: ${to}, PIN 1234`);

  const ana = await house.ring();
  await it.is(ana, "ready");
  const dj = await house.stage.ring({ name: "DJ", tone: 350, to, keys: "1234" });
  await expect(phone).toContainText("A telephone takes the callers", { timeout: 12_000 });
  await it.is(ana, "direct");
  await ana.hears(350);
  await dj.hangUp();
  await it.is(ana, "ready");

  for (const keys of ["1111ww2222ww3333", "4444ww5555"]) await house.stage.ring({ to, keys });
  await expect(phone.getByText("locked after five wrong PINs")).toBeVisible({ timeout: 12_000 });
  await it.button("Unlock").click();
  await expect(phone).toContainText(`On a telephone: ${to}`);
});

test("a message that a caller has left is listed, and deleted", async ({ house, page }) => {
  const it = new Desk(page, house.url);
  await it.open();
  await leaveMessage(house, 65);
  const messages = page.getByRole("region", { name: "Messages left" });
  await expect(messages.getByRole("listitem")).toContainText(/Zoe.*1:05/);
  await it.button("Delete the message of Zoe").click();
  await expect(messages).toHaveCount(0);
});
