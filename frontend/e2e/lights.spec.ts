import { long } from "./kit/long";
import { expect, test } from "./kit/test";

test.use({ settings: { CALLIN_WAIT_SECONDS: "60", CALLIN_SHOW: "Late", CALLIN_LANES: "2" } });

test(
  "the desk's connection has a light, and so has the line of who speaks on a lane or off air",
  long,
  async ({ desk, house }) => {
    const [ana, ben] = [await house.ring({ tone: undefined }), await house.ring()];
    for (const caller of [ana, ben]) {
      await desk.is(caller, "ready");
      await desk.press(caller, "Take");
      await desk.is(caller, "on air");
    }
    const phone = desk.region("Phone");
    await phone.getByText("Connection good").click();
    await expect(
      phone.getByText(/^Round trip \d+ ms · jitter \d+ ms · loss .+ % · MOS 4\.\d$/),
    ).toBeVisible();
    await expect(phone.getByText(/^It is this desk's way to the rehearsal and back/)).toBeVisible();

    // A voice says what its line is like, a tone does not.
    await expect(desk.card(ana).getByRole("img", { name: "Good line" })).toBeVisible();
    await expect(desk.card(ben).getByRole("img", { name: "Line not known yet" })).toBeVisible();

    // Off air, on the desk's own line, it is the same.
    for (const caller of [ana, ben]) await desk.press(caller, "Hold");
    for (const caller of [ana, ben]) await desk.is(caller, "on hold");
    await desk.page.keyboard.press("Shift+H");
    await expect(desk.region("With you, off air").getByText("Good line")).toBeVisible();
  },
);
