import { Desks, keepFeeds } from "./kit/agree";
import { Desk } from "./kit/desk";
import { Ears } from "./kit/ears";
import { long } from "./kit/long";
import { PC } from "./kit/pc";
import { ProducersDesk, producer } from "./kit/producer";
import type { Caller } from "./kit/stage";
import { dj, expect, type House, test } from "./kit/test";
import { freePort } from "./kit/tunnel";
import { Viewer } from "./kit/viewer";

let port = 0;
test.use({
  deskless: true,
  settings: { CALLIN_PARK_SECONDS: "15", CALLIN_WAIT_SECONDS: "3", CALLIN_SHOW: "Early" },
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads which fixtures there are off it
  toml: async ({}, use) => {
    port = await freePort();
    await use(
      `screens = true\ndoor = "0.0.0.0:${port}"\n[[studios]]\nid = "b"\nname = "Studio B"\nshow = "Later"\n`,
    );
  },
});

test(
  "a whole show at a station and two PCs: all desks agree at each step, and who hears whom",
  long,
  async ({ house, page }) => {
    test.setTimeout(180_000);
    const words = await house.callin.line(/^words: (.+)$/);
    const code = (name: string, role: string) => house.desks("add", "--role", role, name);
    const viewer = await Viewer.at(`https://127.0.0.1:${port}`, code("Max", "manager"));
    const pcs: PC[] = [];
    /** A PC of its own, which finds the station at an address of its own. */
    const pc = async (address: string, given: string): Promise<PC> => {
      const it = await PC.paired(`https://${address}:${port}`, words, given);
      pcs.push(it);
      return it;
    };
    let pia: ProducersDesk | undefined;
    try {
      const [hosts, producers] = [code("Hanna", "host"), code("Pia", "producer")];
      const hanna = (await viewer.asks()).desks.find(({ name }) => name === "Hanna");
      await viewer.does("deskChange", { desk: hanna?.id, studios: [""] });
      await keepFeeds(page);
      const [one, other] = await Promise.all([pc("127.0.0.1", hosts), pc("127.0.0.2", producers)]);
      const host = new Desk(page, one.url);
      pia = await ProducersDesk.in(other.url);
      await keepFeeds(pia.page);
      await Promise.all([host.openOnLine(), pia.open()]);
      await pia.isOnOwnLine();
      await walk(house, viewer, host, pia);
    } finally {
      viewer.end();
      await pia?.end();
      for (const it of pcs) await it.end();
    }
  },
);

/** The host in Studio A alone, the producer in both. */
async function walk(house: House, viewer: Viewer, host: Desk, pia: ProducersDesk): Promise<void> {
  const callers: Caller[] = [];
  const desks = new Desks(viewer, [host, pia], callers);
  const talkers = [
    { name: "Hanna", hz: dj, desk: host },
    { name: "Pia", hz: producer, desk: pia },
  ];
  const ears = new Ears(house.stage, talkers, callers);
  /** A step is over: all desks agree on what is the case, and those of each group hear each other. */
  const step = async (groups: string[][], also: [string, string][] = []) => {
    await Promise.all([desks.agree(), ears.hear(groups, also)]);
  };
  await step([]);

  for (let n = 0; n < 12; n++) callers.push(await house.ring());
  const [ana, ben, cleo, dev, eve] = callers as [Caller, Caller, Caller, Caller, Caller];
  await host.is(callers[11] as Caller, "to be screened");
  await step([]);

  // Screened off air, one after the other.
  await pia.answers(ana);
  await step([["Pia", "Ana"]]);
  for (const [caller, topic, next] of [
    [ana, "The ferry", ben],
    [ben, "The bridge", cleo],
    [cleo, "The bus", dev],
  ] as const) {
    const kept = pia.page.waitForResponse((r) => r.url().endsWith("/api/op/note") && r.ok());
    await pia.page.keyboard.type(topic);
    await kept;
    await pia.page.keyboard.press("F8");
    await host.is(caller, "ready");
    await expect(host.card(caller, "Ready")).toContainText(topic);
    await pia.isWith(next);
    await step([["Pia", next.name]]);
  }
  await pia.page.keyboard.press("F4");
  await host.is(dev, "ready");
  await step([]);

  // Ordered by the producer, and aired in that order while she screens the next.
  await pia.moves(dev, "Alt+1");
  await expect.poll(() => host.ready()).toEqual([dev, ana, ben, cleo].map(({ sid }) => sid));
  await step([]);
  await pia.moves(cleo, "Alt+ArrowUp");
  await expect.poll(() => host.ready()).toEqual([dev, ana, cleo, ben].map(({ sid }) => sid));
  await step([]);
  await host.next();
  await host.is(dev, "on air");
  await step([["Hanna", "Dev"]]);
  await pia.answers(eve);
  const screened = ["Pia", "Eve"];
  await step([["Hanna", "Dev"], screened]);
  await pia.page.keyboard.press("F10");
  await expect(pia.page.getByText(/is for a host's desk/).first()).toBeVisible();
  await host.press(ben, "Take");
  await host.is(ben, "on air");
  await step([["Hanna", "Dev", "Ben"], screened]);

  // Talkback: the host alone hears it.
  await pia.button(/^Talk to the host/).press("Enter");
  await expect(host.page.getByText("Pia talks to you.")).toBeVisible();
  const hushed: [string, string][] = [
    ["Hanna", "Pia"],
    ["Pia", "Eve"],
  ];
  await step([["Hanna", "Dev", "Ben"]], hushed);
  await pia.button(/The host hears you/).press("Enter");
  await expect(host.page.getByText("Pia talks to you.")).toBeHidden();
  await step([["Hanna", "Dev", "Ben"], screened]);

  const held = Date.now();
  await host.press(dev, "Hold");
  await host.is(dev, "on hold");
  await Promise.all([step([["Hanna", "Ben"], screened]), dev.heard(/hold\.wav/, held)]);
  await host.press(dev, "Resume");
  await host.is(dev, "on air");
  await step([["Hanna", "Dev", "Ben"], screened]);

  await host.press(ben, "Drop");
  await host.isNowhere(ben);
  await step([["Hanna", "Dev"], screened]);
  await host.undo(ben);
  await host.is(ben, "on air");
  await step([["Hanna", "Dev", "Ben"], screened]);

  // Next passes by who is locked, in the queue and on air.
  await host.press(ana, "Lock");
  await host.press(dev, "Lock");
  await expect(host.region("Next")).toContainText("takes Cleo, drops Ben");
  await step([["Hanna", "Dev", "Ben"], screened]);
  const nexted = Date.now();
  await host.next();
  await host.is(cleo, "on air");
  await step([["Hanna", "Dev", "Cleo"], screened]);

  // To the other studio, where the producer's desk is too, and the host's is not.
  await pia.page.keyboard.press("Shift+F2");
  await pia.button("Give Eve to Studio B").press("Enter");
  const ofEve = async () => (await viewer.asks()).cards.find(({ call }) => call === eve.sid);
  await expect.poll(ofEve).toMatchObject({ studio: "b", place: { kind: "queue", name: "on-air-b" } });
  await step([["Hanna", "Dev", "Cleo"]]);
  await pia.page.getByLabel("Studio", { exact: true }).selectOption("Studio B");
  await expect(pia.card(eve, "Ready")).toBeVisible(); // Studio B screens nobody
  await step([["Hanna", "Dev", "Cleo"]]);

  await ben.heard(/Thank you for calling/, nexted);
  await ben.isGone();

  // Closed: who waits hears the thank-you, who is on air when the host drops them; the other studio's goes on.
  const closed = Date.now();
  await host.closeShow();
  const waiting = [ana, ...callers.slice(5)];
  await step([["Hanna", "Dev", "Cleo"]]);
  await Promise.all(waiting.map((caller) => caller.heard(/Thank you for calling/, closed)));
  await host.press(dev, "Unlock");
  await expect(host.card(dev).getByRole("button", { name: /^Lock / })).toBeVisible();
  for (const caller of [cleo, dev]) await host.press(caller, "Drop");
  await Promise.all([cleo, dev].map((caller) => caller.heard(/Thank you for calling/, closed)));
  await Promise.all([cleo, dev, ...waiting].map((caller) => caller.isGone()));
  await step([]);
  expect((await eve.state()).status).toBe("in-progress");
  expect((await eve.state()).heard.filter(({ text }) => text?.includes("Thank you for calling"))).toEqual([]);
  expect((await viewer.asks()).cards.map(({ call }) => call)).toEqual([eve.sid]);
}
