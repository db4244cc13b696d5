import { execFileSync } from "node:child_process";
import { devNull } from "node:os";
import { join } from "node:path";
import { long } from "./kit/long";
import { callinBinary, Process } from "./kit/process";
import { ProducersDesk, producer } from "./kit/producer";
import { dj, expect, test } from "./kit/test";
import { freePort } from "./kit/tunnel";

let port = 0;
test.use({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads which fixtures there are off it
  toml: async ({}, use) => {
    port = await freePort();
    await use(
      `screens = true\ndoor = "127.0.0.1:${port}"\n[[studios]]\nid = "b"\nname = "Studio B"\nshow = "Later"\n`,
    );
  },
});

test("a desk at the door comes back with a killed station, card and calls in place, and is off when it is revoked", async ({
  desk,
  house,
}) => {
  const pia = await ProducersDesk.at(`https://127.0.0.1:${port}/`);
  try {
    await pia.signIn(house.desks("add", "--role", "producer", "Pia"));
    await pia.isOnOwnLine();
    const [ana, ben, cleo] = [await house.ring(), await house.ring(), await house.ring()];
    await pia.answers(ana);
    await pia.page.keyboard.press("F4");
    await desk.is(ana, "ready");
    await desk.next();
    await desk.is(ana, "on air");
    await pia.answers(ben);
    const point = pia.page.getByLabel("Point, in a few words");
    await expect(point).toBeFocused();
    const kept = pia.page.waitForResponse((r) => r.url().endsWith("/api/op/note") && r.ok());
    await pia.page.keyboard.type("The bridge");
    await kept;

    await house.callin.end("SIGKILL");
    await pia.page.keyboard.type(" at night"); // while nobody keeps it
    await expect(pia.page.getByText(/not reached|does not answer|no connection/i).first()).toBeVisible();
    await house.start();
    const back = Date.now();
    await expect(point).toHaveValue("The bridge at night");
    await expect(desk.card(ben, "Ready")).toHaveCount(0);
    await desk.is(ana, "on air");
    await expect(pia.region("With you, off air")).toContainText("you talk, off air");
    expect(Date.now() - back).toBeLessThan(15_000);
    await Promise.all([
      desk.hears(ana),
      ana.hears(dj),
      pia.hears(ben),
      ben.hears(producer),
      ben.hearsNot(dj),
      ana.hearsNot(producer),
      desk.hearsNot(cleo),
    ]);
    await pia.page.keyboard.press("F4");
    await expect(desk.card(ben, "Ready")).toContainText("The bridge at night");

    // What is said to the other desks is seen there.
    await pia.button(/Wrap up/).click();
    await expect(desk.page.getByText("Wrap up").first()).toBeVisible();

    // A desk that is revoked is off at once, in the middle of a call.
    await pia.answers(cleo);
    await Promise.all([pia.hears(cleo), cleo.hears(producer)]);
    const revoked = Date.now();
    house.desks("revoke", "Pia");
    await expect(pia.page.getByRole("textbox").first()).toBeVisible({ timeout: 5000 });
    await cleo.hearsNot(producer);
    expect(Date.now() - revoked).toBeLessThan(20_000);
    await desk.is(ana, "on air");
    await Promise.all([desk.hears(ana), ben.hearsNot(ana.hz)]);
  } finally {
    await pia.end();
  }
});

test("a PC without a terminal shows the words on its page, and is a desk when they are the same", async ({
  house,
  page,
}) => {
  const said = execFileSync(callinBinary, [
    ...["desks", "add", "--data", house.data, "--role", "producer", "Kate's PC"],
  ]).toString();
  const [, code = ""] = said.match(/code: (\S+ \S+)/) ?? [];
  const [, words = ""] = said.match(/words: (.+)/) ?? [];
  const station = `https://127.0.0.1:${port}`;
  const data = join(house.data, "pc");
  const args = ["--station", station, "--code", code, "--data", data, "--settings", devNull, "--no-browser"];
  const pc = await Process.start(args, {});
  try {
    const desk = () => pc.printed.find((line) => line.startsWith("desk: "))?.slice("desk: ".length) ?? "";
    await expect.poll(desk).toBeTruthy();
    await page.goto(desk());
    await expect(page.getByText(station)).toBeVisible();
    await expect(page.getByRole("list", { name: "The words" }).getByRole("listitem")).toHaveText(
      words.split(" "),
    );
    await expect(page.getByRole("button", { name: "They are not" })).toBeFocused();
    await page.getByRole("button", { name: "They are the same" }).click();
    await expect(page.getByRole("heading", { name: /this desk is Kate's PC/ })).toBeVisible();
  } finally {
    await pc.end();
  }
});

test(
  "a producer talks, off air, to who is on hold: nobody on air hears either of them",
  long,
  async ({ desk, house }) => {
    const pia = await ProducersDesk.at(`https://127.0.0.1:${port}/`);
    try {
      await pia.signIn(house.desks("add", "--role", "producer", "Pia"));
      await pia.isOnOwnLine();
      const [ana, ben] = [await house.ring(), await house.ring()];
      for (const caller of [ana, ben]) {
        await pia.answers(caller);
        await pia.page.keyboard.press("F4");
        await desk.is(caller, "ready");
      }
      await desk.next();
      await desk.is(ana, "on air");
      await desk.page.keyboard.press("F6");
      await desk.is(ana, "on hold");
      await desk.press(ben, "Take");
      await desk.is(ben, "on air");

      await expect(pia.button(/^Talk off air to/)).toBeEnabled();
      await pia.page.keyboard.press("Shift+H");
      await expect(pia.region("With you, off air")).toContainText("you talk, off air");
      await Promise.all([pia.hears(ana), ana.hears(producer), desk.hears(ben), ben.hears(dj)]);
      await Promise.all([
        desk.hearsNo(producer),
        desk.hearsNot(ana),
        ben.hearsNot(producer),
        ben.hearsNot(ana.hz),
        ana.hearsNot(dj),
        pia.hearsNot(ben),
        pia.hearsNo(dj),
      ]);

      await pia.page.keyboard.press("Shift+H");
      await desk.is(ana, "on hold");
      await Promise.all([ana.hearsNot(producer), desk.hearsNot(ana), pia.hearsNot(ana), desk.hears(ben)]);
    } finally {
      await pia.end();
    }
  },
);
