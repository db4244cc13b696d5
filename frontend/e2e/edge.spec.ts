import { Desk } from "./kit/desk";
import { expect, test } from "./kit/test";

test.use({ settings: { CALLIN_EDGE: "dublin", CALLIN_REGION: "ie1", CALLIN_SHOW: "Late" } });

test("a page's phone connects to the edge and region that are set, and the sheet names them", async ({
  page,
  house,
}) => {
  const sockets: string[] = [];
  page.on("websocket", (socket) => sockets.push(socket.url()));
  const asked = page.waitForResponse("**/api/op/token");
  await new Desk(page, house.url).openOnLine();
  expect(sockets.filter((url) => url.includes("host=voice-js.dublin.twilio.com"))).not.toEqual([]);
  expect(sockets.filter((url) => url.includes("host=voice-js.roaming"))).toEqual([]);
  const { token } = (await (await asked).json()) as { token: string };
  expect(JSON.parse(atob(token.split(".")[0] ?? ""))).toMatchObject({ twr: "ie1" });

  await page.keyboard.press("Shift+L");
  const finding = page.getByRole("listitem").filter({ hasText: "Twilio's edge" });
  await expect(finding).toContainText("by the edge dublin, in the region ie1");
  await page.getByRole("button", { name: "Emergency sheet" }).click();
  const sheet = page.getByRole("dialog", { name: "Emergency sheet" });
  await expect(sheet).toContainText("TCP 443 to api.dublin.ie1.twilio.com, ");
  await expect(sheet).toContainText(
    "TCP 443 to voice-js.dublin.twilio.com (WebSocket), eventgw.twilio.com and eventgw.ie1.twilio.com",
  );
});
