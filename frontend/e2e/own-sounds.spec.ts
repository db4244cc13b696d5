import { Desk } from "./kit/desk";
import { long } from "./kit/long";
import { withOutputs } from "./kit/outputs";
import { expect, test } from "./kit/test";

test(
  "the desk rings and speaks through an output of its own, and nothing of it can go to air",
  long,
  async ({ house, page }) => {
    const plugged = await withOutputs(page);
    await page.addInitScript(() => {
      const played: string[] = [];
      Object.assign(window, { played, onplays: () => {} });
      let sink = "the phone's";
      HTMLMediaElement.prototype.setSinkId = async (id) => {
        sink = id;
      };
      const play = HTMLMediaElement.prototype.play;
      HTMLMediaElement.prototype.play = function (this: HTMLMediaElement) {
        if (!(this instanceof HTMLAudioElement) || !this.src.startsWith("blob:")) return play.call(this);
        const what = () => (Math.abs(this.duration - 1.2) < 0.01 ? "a ring" : "a sentence");
        this.onplaying = () => {
          this.onplaying = null;
          (window as unknown as { onplays(): void }).onplays();
        };
        const over = () => played.push(`${sink}: ${this.ended ? what() : "broken off"}`);
        this.addEventListener("pause", over, { once: true }); // which comes at the end, too
        return play.call(this);
      };
    });
    const played = () => page.evaluate(() => (window as unknown as { played: string[] }).played);
    const desk = new Desk(page, house.url);
    await desk.openOnLine();
    const messages = desk.region("Messages");
    const own = page.getByRole("region", { name: "The desk's own sounds" });
    const choose = async (label: string) => {
      if (!(await own.isVisible())) await desk.button("Keys").click();
      await own.getByLabel("The desk's own sounds").selectOption(label);
    };
    const press = async (key: string) => {
      await page.keyboard.press("Escape");
      await page.waitForTimeout(900); // the same key again at once would be one press, doubled
      await page.keyboard.press(key);
    };
    const ask = () => press("w");

    await ask();
    await choose("Headset");
    await expect(own.getByText("Not chosen: the phone is heard through Headset")).toBeVisible();
    await choose("Speakers");
    await expect(own.getByText("Silent now: this desk's microphone is live.")).toBeVisible();
    await own.getByLabel("Ring when somebody calls").check();
    await ask();
    await expect(messages).toContainText("Nobody is waiting.");
    await house.ring();
    await expect(page.getByText(/ rings\. /).first()).toBeAttached();
    expect(await played(), "with a live microphone").toEqual([]);

    await press("m");
    await house.ring();
    await expect.poll(played).toEqual(["Speakers: a ring", "Speakers: a sentence"]);
    await ask();
    await expect.poll(played).toHaveLength(3);

    // Whoever unmutes while it sounds is heard alone.
    await page.evaluate(() =>
      Object.assign(window, {
        onplays: () => document.querySelector<HTMLElement>(".mic button")?.click(),
      }),
    );
    await ask();
    await expect.poll(async () => (await played())[3]).toBe("Speakers: broken off");
    await page.evaluate(() => Object.assign(window, { onplays: () => {} }));

    await choose("Speakers");
    await desk.button("It is headphones: Speakers").click();
    await ask();
    await expect.poll(async () => (await played())[4]).toBe("Speakers: a sentence");

    await desk.button("Keys").click();
    await desk.button("It is not headphones: Speakers").click();
    await expect(own.getByText("Silent now: this desk's microphone is live.")).toBeVisible();
    await press("m");
    await plugged("Headset"); // what is gone is played nowhere else, and is back by itself
    await ask();
    await expect(messages).toContainText("The desk makes no sound through Speakers. It is gone.");
    await plugged("Headset", "Speakers");
    await ask();
    await expect.poll(async () => (await played())[5]).toBe("Speakers: a sentence");
    await plugged("Speakers"); // now the phone is heard through it
    await ask();
    await expect(messages).toContainText(
      "The desk makes no sound through Speakers. The phone is heard through it now.",
    );
    expect(await played()).toHaveLength(6);
  },
);
