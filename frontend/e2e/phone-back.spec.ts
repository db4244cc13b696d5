import { Desk } from "./kit/desk";
import { Signalling } from "./kit/line";
import { long } from "./kit/long";
import { dj, expect, type House, test } from "./kit/test";

/** The desk with Ana on air. Twilio keeps the phone's call for so many seconds without signalling. */
async function anaOnAir(desk: Desk, house: House) {
  await desk.openOnLine();
  const ana = await house.ring();
  await desk.is(ana, "ready");
  await desk.next();
  await desk.hears(ana);
  return ana;
}

test("a phone whose call Twilio gave up comes back by itself, and a person brings the caller back", async ({
  house,
  page,
}) => {
  const signalling = await Signalling.of(page, 2);
  const desk = new Desk(page, house.url);
  const ana = await anaOnAir(desk, house);

  await signalling.lose();
  await desk.is(ana, "on hold");
  await expect(
    page.getByRole("alert").filter({ hasText: "The phone was lost. Ana is on hold." }),
  ).toBeVisible();
  signalling.comeBack();
  await desk.isOnLine();
  await ana.hearsNot(dj); // a caller comes back to air by nothing but a press
  await page.keyboard.press("b");
  await desk.is(ana, "on air");
  await Promise.all([desk.hears(ana), ana.hears(dj)]);
});

test("a page that was asleep has its phone back", long, async ({ house, page, browser }) => {
  await Signalling.of(page, 1);
  const desk = new Desk(page, house.url);
  const ana = await anaOnAir(desk, house);

  const { processInfo } = (await (
    await browser.newBrowserCDPSession()
  ).send("SystemInfo.getProcessInfo")) as {
    processInfo: { type: string; id: number }[];
  };
  const asleep = Date.now();
  const renderers = processInfo.filter(({ type }) => type === "renderer");
  for (const { id } of renderers) process.kill(id, "SIGSTOP");
  try {
    await house.stage.request("POST", "/stage/signalling/cut");
    await ana.heard(/hold\.wav/, asleep);
  } finally {
    for (const { id } of renderers) process.kill(id, "SIGCONT");
  }
  await desk.isOnLine();
  await desk.is(ana, "on hold");
});

test(
  "a microphone that could not be opened is tried again, and the reason is the right one",
  long,
  async ({ house, page }) => {
    await page.addInitScript(() => {
      const media = navigator.mediaDevices;
      const open = media.getUserMedia.bind(media);
      Object.assign(window, { taken: true });
      media.getUserMedia = async (constraints) => {
        if ((window as unknown as { taken: boolean }).taken)
          throw new DOMException("in use", "NotReadableError");
        return open(constraints);
      };
    });
    const desk = new Desk(page, house.url);
    await desk.open();
    await expect(desk.region("Phone").getByRole("alert")).toContainText("microphone cannot be opened");
    await page.evaluate(() => Object.assign(window, { taken: false }));
    await desk.isOnLine();
  },
);

test(
  "another phone that took the line is told apart and left alone",
  long,
  async ({ house, page, context }) => {
    const signalling = await Signalling.of(page);
    const first = new Desk(page, house.url);
    const ana = await anaOnAir(first, house);
    const second = new Desk(await context.newPage(), house.url);
    await second.open();
    await second.button(/^Take the phone here/).click();
    await second.isOnLine();
    await second.is(ana, "on air");
    await Promise.all([second.hears(ana), ana.hears(dj)]);
    const phone = first.region("Phone");
    await expect(phone.getByRole("alert")).toContainText("Another phone has taken the line");

    // Nor does a phone that is lost meanwhile fight for it when it is back.
    await first.button(/^Take the phone here/).click();
    await first.isOnLine();
    await signalling.lose();
    await second.button(/^Take the phone here/).click();
    await second.isOnLine();
    signalling.comeBack();
    await expect(phone.getByRole("alert")).toContainText("Another phone has taken the line");
    await expect(phone.getByRole("status").first()).toHaveText(/On the line, on another page$/);
    await second.isOnLine();
    await Promise.all([second.hears(ana), ana.hears(dj)]);
  },
);
