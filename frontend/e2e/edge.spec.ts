import { Desk } from "./kit/desk";
import { expect, test } from "./kit/test";

test.use({ settings: { CALLIN_EDGE: "frankfurt", CALLIN_REGION: "us1", CALLIN_SHOW: "Late" } });

test("a page's phone connects to the edge that is set, and the sheet names it", async ({ page, house }) => {
  const sockets: string[] = [];
  page.on("websocket", (socket) => sockets.push(socket.url()));
  await new Desk(page, house.url).openOnLine();
  expect(sockets.filter((url) => url.includes("host=voice-js.frankfurt.twilio.com"))).not.toEqual([]);
  expect(sockets.filter((url) => url.includes("host=voice-js.roaming"))).toEqual([]);

  await page.keyboard.press("Shift+L");
  const finding = page.getByRole("listitem").filter({ hasText: "Twilio's edge" });
  await expect(finding).toContainText("by the edge frankfurt, in the region us1");
  await page.getByRole("button", { name: "Emergency sheet" }).click();
  await expect(page.getByRole("dialog", { name: "Emergency sheet" })).toContainText(
    "TCP 443 to voice-js.frankfurt.twilio.com (WebSocket), eventgw.twilio.com and eventgw.us1.twilio.com",
  );
});
