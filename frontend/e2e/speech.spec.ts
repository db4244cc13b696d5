import { Desk } from "./kit/desk";
import { long } from "./kit/long";
import { withOutputs } from "./kit/outputs";
import { expect, test } from "./kit/test";

test(
  "the desk speaks through an output of its own, and not through the phone's unless that is headphones",
  long,
  async ({ house, page }) => {
    const plugged = await withOutputs(page);
    await page.addInitScript(() => {
      const played: string[] = [];
      Object.assign(window, { played });
      let sink = "the phone's";
      HTMLMediaElement.prototype.setSinkId = async (id) => {
        sink = id;
      };
      const play = HTMLMediaElement.prototype.play;
      HTMLMediaElement.prototype.play = function (this: HTMLMediaElement) {
        if (!(this instanceof HTMLAudioElement) || !this.src.startsWith("blob:")) return play.call(this);
        this.addEventListener(
          "ended",
          () => played.push(`${sink}: ${this.duration > 0.5 ? "a sentence" : "nothing"}`),
          { once: true },
        );
        return play.call(this);
      };
    });
    const played = () => page.evaluate(() => (window as unknown as { played: string[] }).played);
    const desk = new Desk(page, house.url);
    await desk.openOnLine();
    const messages = desk.region("Messages");
    const choose = async (label: string) => {
      await desk.button("Keys").click();
      await page.getByLabel("Speak answers and arrivals").selectOption(label);
    };
    const ask = async () => {
      await page.keyboard.press("Escape");
      await page.waitForTimeout(900); // the same key again at once would be one press, doubled
      await page.keyboard.press("w");
    };

    await ask();
    await choose("Headset");
    await expect(
      page.getByRole("dialog").getByText("Not chosen: the phone is heard through Headset"),
    ).toBeVisible();
    await ask();
    await expect(messages).toContainText("Nobody is waiting.");
    await choose("Speakers");
    await ask();
    await expect.poll(played).toEqual(["Speakers: a sentence"]); // nothing before that
    await house.ring();
    await expect.poll(played).toEqual(["Speakers: a sentence", "Speakers: a sentence"]);

    await choose("Headset");
    await desk.button("It is headphones: Headset").click();
    await ask();
    await expect.poll(played).toContainEqual("Headset: a sentence");

    await choose("Speakers");
    await page.keyboard.press("Escape");
    await plugged("Speakers"); // now the phone is heard through it
    await ask();
    await expect(messages).toContainText(
      "The desk does not speak any more. The phone is heard through Speakers now.",
    );
    expect(await played()).toHaveLength(3);
  },
);
