import { execFileSync } from "node:child_process";
import { createServer } from "node:net";
import { callinBinary } from "./kit/process";
import { ProducersDesk, producer } from "./kit/producer";
import { dj, expect, type House, test } from "./kit/test";

/** A port that nobody has. */
const freePort = () =>
  new Promise<number>((found) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => found(typeof address === "object" && address ? address.port : 0));
    });
  });

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

/** Gives a desk out, or ends one, on the station's computer; a code if there is one. */
function desks(house: House, ...args: string[]): string {
  const [verb = "", ...rest] = args;
  const said = execFileSync(callinBinary, ["desks", verb, "--data", house.data, ...rest]).toString();
  return said.match(/code: (\S+ \S+)/)?.[1] ?? "";
}

test("a producer screens at another desk, over TLS: who hears whom, and what each may do", async ({
  desk,
  house,
}) => {
  test.setTimeout(120_000);
  const pia = await ProducersDesk.at(`https://127.0.0.1:${port}/`);
  try {
    await pia.signIn(desks(house, "add", "--role", "producer", "Pia"));
    await pia.isOnOwnLine();
    const [ana, ben, cleo] = [await house.ring(), await house.ring(), await house.ring()];

    // Screened off air: the two hear each other, and nobody else hears either.
    await pia.answers(ana);
    await Promise.all([pia.hears(ana), ana.hears(producer)]);
    await Promise.all([
      desk.hearsNot(ana),
      ana.hearsNot(dj),
      ben.hearsNot(producer),
      ben.hearsNot(ana.hz),
      pia.hearsNo(dj),
      desk.hearsNo(producer),
    ]);
    await expect(desk.page.getByText("Pia").first()).toBeVisible();
    await pia.page.keyboard.type("The ferry");
    await expect(pia.page.getByLabel("Point, in a few words")).toHaveValue("The ferry");
    await pia.page.keyboard.press("Escape");

    // What she has is not taken without asking, and not at all by who may not.
    await pia.page.keyboard.press("F4");
    await desk.is(ana, "ready");
    await expect(desk.card(ana, "Ready")).toContainText("The ferry");
    await pia.answers(ben);
    await Promise.all([pia.hears(ben), ben.hears(producer), ana.hearsNot(producer)]);

    // On air: the producer's line hears none of it.
    await desk.next();
    await desk.is(ana, "on air");
    await Promise.all([desk.hears(ana), ana.hears(dj), pia.hears(ben), ben.hears(producer)]);
    await Promise.all([
      ana.hearsNot(producer),
      ana.hearsNot(ben.hz),
      ben.hearsNot(dj),
      ben.hearsNot(ana.hz),
      pia.hearsNot(ana),
      pia.hearsNo(dj),
      desk.hearsNot(ben),
      desk.hearsNo(producer),
    ]);
    await pia.page.keyboard.press("F10");
    await expect(pia.page.getByText(/is for a host's desk/).first()).toBeVisible();
    await desk.is(ana, "on air");

    // Talkback: the host alone hears it, neither who is on air nor who is being screened.
    await pia.button(/^Talk to the host/).click();
    await expect(desk.page.getByText("Pia talks to you.")).toBeVisible({ timeout: 12_000 });
    await Promise.all([desk.hearsHz(producer), desk.hears(ana), ana.hears(dj)]);
    await Promise.all([
      ana.hearsNot(producer),
      ben.hearsNot(producer),
      ben.hearsNot(dj),
      cleo.hearsNot(producer),
    ]);
    await pia.button(/The host hears you/).click();
    await expect(desk.page.getByText("Pia talks to you.")).toBeHidden();
    await Promise.all([desk.hearsNo(producer), ben.hears(producer), ana.hearsNot(producer)]);

    // A desk that is revoked is off at once, in the middle of a call.
    const revoked = Date.now();
    desks(house, "revoke", "Pia");
    await expect(pia.page.getByRole("textbox").first()).toBeVisible({ timeout: 5000 });
    await ben.hearsNot(producer);
    expect(Date.now() - revoked).toBeLessThan(20_000);
    await desk.is(ana, "on air");
    await Promise.all([desk.hears(ana), cleo.hearsNot(ana.hz)]);
  } finally {
    await pia.end();
  }
});

test("the station is killed in a show: all desks come back, cards as typed, calls in place", async ({
  desk,
  house,
}) => {
  test.setTimeout(120_000);
  const pia = await ProducersDesk.at(`https://127.0.0.1:${port}/`);
  try {
    await pia.signIn(desks(house, "add", "--role", "producer", "Pia"));
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
    await expect(pia.page.getByText(/not reached|does not answer|no connection/i).first()).toBeVisible({
      timeout: 12_000,
    });
    await house.start();
    const back = Date.now();
    await expect(point).toHaveValue("The bridge at night", { timeout: 12_000 });
    await expect(desk.card(ben, "Ready")).toHaveCount(0);
    await desk.is(ana, "on air");
    await expect(pia.region("With you, off air")).toContainText("you talk, off air", { timeout: 12_000 });
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
  } finally {
    await pia.end();
  }
});
