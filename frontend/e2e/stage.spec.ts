import { long } from "./kit/long";
import { expect, test } from "./kit/test";

test("the stage shows who is on the telephone and what they hear, and lets all hang up", async ({
  desk,
  house,
}) => {
  const stage = desk.region("Stage");
  const asked: string[] = [];
  desk.page.on("request", (request) => asked.push(new URL(request.url()).pathname));
  const ana = await house.ring();
  const row = stage.locator(`[data-stage="${ana.sid}"]`);
  await expect(row).toContainText("in-progress");
  await expect(row).toContainText(/hears: .*position|hears: .*next|hears: .*wait/i, { timeout: 15_000 });

  await desk.page.keyboard.press("Shift+C");
  await expect(stage.getByRole("heading", { name: "Stage 6" })).toBeVisible();
  await row.getByRole("button", { name: "Hang up Ana" }).click();
  await expect(row).toHaveCount(0);
  await ana.isGone();
  await desk.page.keyboard.press("Shift+X");
  await expect(stage.getByText("No made-up caller is on the telephone.")).toBeVisible();
  await expect(desk.region("Ready").locator("li[data-call]")).toHaveCount(0);
  // It is told; the page asks for nothing but what was pressed. What it says itself, whenever that
  // changes, is how its phone sounds.
  const said = "/api/op/microphone";
  expect(asked.filter((path) => path.startsWith("/api/") && path !== said)).toEqual([
    "/api/op/stageRing",
    "/api/op/stageHangup",
    "/api/op/stageHangupAll",
  ]);
});

test("a trouble is chosen, begins, says what is left and is ended early", long, async ({ desk, house }) => {
  const stage = desk.region("Stage");
  const trouble = stage.getByRole("combobox", { name: "Trouble" });
  const wrong = stage.getByRole("status");
  const ana = await house.ring();
  await desk.is(ana, "ready");

  await trouble.selectOption("Twilio is too busy (429)");
  await desk.button("Start, 20 s").click();
  await expect(wrong).toHaveText("▲ Twilio is too busy");
  await expect(stage.getByText(/^(1\d|20) s left$/)).toBeVisible();
  await expect(trouble).toHaveCount(0);
  // What is pressed meanwhile is done once Twilio has time again.
  await desk.next();
  await expect(desk.card(ana)).toContainText(/going to air/);
  await desk.button("End it").click();
  await expect(wrong).toHaveText("");
  await desk.is(ana, "on air");
  await desk.hears(ana);

  await trouble.selectOption("My phone's sound is lost");
  await trouble.blur();
  await desk.page.keyboard.press("g");
  await expect(wrong).toHaveText("▲ The phone's sound is lost");
  await desk.hearsNot(ana);
  await desk.page.keyboard.press("g");
  await expect(wrong).toHaveText("");
  await desk.hears(ana);

  await trouble.selectOption("My phone is cut off");
  await trouble.blur();
  await desk.page.keyboard.press("g");
  await expect(desk.region("Phone").getByRole("status").first()).not.toHaveText(/● On the line$/);
  await desk.button("End it").click();
  await desk.isOnLine();
});
