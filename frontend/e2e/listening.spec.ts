import { Desk } from "./kit/desk";
import { long } from "./kit/long";
import { withOutputs } from "./kit/outputs";
import { expect, test } from "./kit/test";

/** It is said within three seconds; a busy machine needs longer, in ms. */
const soon = { timeout: 5_000 };

test(
  "headphones that are gone are said with what is heard through now, until they are used again",
  long,
  async ({ house, page }) => {
    const plugged = await withOutputs(page);
    const desk = new Desk(page, house.url);
    await desk.openOnLine();
    const ana = await house.ring();
    await desk.is(ana, "ready");
    await desk.next();
    await desk.hears(ana);
    const said = desk.region("Phone").getByRole("alert");
    const status = desk.region("Phone").getByRole("status").first();
    await expect(said).toHaveCount(0);

    await plugged("Speakers");
    await expect(said).toContainText(
      "Your sound output is gone: Headset. You hear through Speakers now.",
      soon,
    );
    await expect(said).toContainText("Plug it in again, or choose another one");
    await plugged();
    await expect(said).toContainText("You hear nobody.", soon);
    await expect(status).toHaveText(/▲ You hear nobody$/, soon);
    await plugged("Speakers", "Headset");
    await expect(said).toContainText("You hear through Speakers now, and not through Headset.", soon);
    await plugged("Headset", "Speakers");
    await expect(said).toHaveCount(0, soon);
    await desk.isOnLine();
    await desk.hears(ana);

    await plugged("Speakers");
    await desk.button("Keep this sound output").click();
    await expect(said).toHaveCount(0);
    await plugged("Headset", "Speakers");
    await expect(said).toContainText("You hear through Headset now, and not through Speakers.", soon);
  },
);
