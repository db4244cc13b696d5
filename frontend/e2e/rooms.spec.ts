import AxeBuilder from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import { change, madeFeed, operations, sid } from "./kit/feed";
import { long } from "./kit/long";
import { expect, type House, test } from "./kit/test";

// Pages of several desks over one made-up picture: what each shows, asks and leaves alone.
test.use({ viewport: { width: 1366, height: 768 } });

const now = Date.now();
const [maria, abdul, grace, pete, karl, ines] = [1, 2, 3, 4, 5, 6].map(sid) as [
  string,
  string,
  string,
  string,
  string,
  string,
];

function card(call: string, name: string, place: unknown, more: object = {}) {
  const number = `+1202555010${call.slice(-1)}`;
  return {
    ...{ call, studio: "", number, name, location: "", topic: "", arrived: now - 90_000 },
    ...{ place, since: now - 20_000, rank: Number(call.slice(-1)), locked: false, airMs: 0 },
    ...more,
  };
}

const queue = (name: string) => ({ kind: "queue", name });
const line = (name: string, state = "talking") => ({ kind: "line", name, state });
const phoneOn = (name: string, desk: string) => ({
  ...{ name, phone: true, leg: `L${desk}`, direct: false, telephone: false, pinLocked: false },
  ...{ lockedTelephones: [], desk, since: now, byHand: false, lost: [] },
});

function picture(you: string, producersAir = false) {
  const show = (name: string) => ({
    ...{ name, state: "open", screens: true, queues: ["on-air", "screening"] },
    ...{ parkMs: 10_000, producersAir, since: now },
  });
  const desk = (id: string, name: string, roles: string[], studios: string[]) => ({
    ...{ id, name, roles, studios, here: true },
  });
  return {
    seq: 1,
    now,
    station: { rehearsal: true, telephone: false },
    studios: [
      {
        id: "",
        name: "Studio A",
        number: "+12025550100",
        dialIn: "",
        line: "studio",
        lanes: ["studio"],
        show: show("Early"),
        next: abdul,
      },
      {
        id: "b",
        name: "Studio B",
        number: "+12025550200",
        dialIn: "",
        line: "studio-b",
        lanes: ["studio-b"],
        show: show("Late"),
        next: "",
      },
    ],
    lines: [phoneOn("studio", ""), phoneOn("desk-sam", "sam"), phoneOn("desk-lou", "lou")],
    cards: [
      card(maria, "Maria", line("studio")),
      card(abdul, "Abdul", queue("on-air"), { ordered: { desk: "", as: "next" }, rank: 0 }),
      card(grace, "Grace", queue("on-air"), { ordered: { desk: "lou", as: "proposed" } }),
      card(pete, "Pete", line("desk-lou"), { topic: "The ferry" }),
      card(karl, "Karl", queue("screening")),
      card(ines, "Ines", queue("screening"), { notNow: true, rank: -5 }),
    ],
    desks: [
      desk("", "Dana", ["host", "producer", "manager"], ["", "b"]),
      desk("sam", "Sam", ["producer"], ["", "b"]),
      desk("lou", "Lou", ["producer"], [""]),
      desk("news", "Newsroom", ["watcher"], [""]),
    ],
    you,
    chat: [{ seq: 1, at: now, studio: "", desk: "lou", text: "Pete leaves at nine", toHost: true }],
    voicemail: [],
    check: { now: false, lostAt: 0, mended: 0, mendedAt: 0 },
  };
}

const anothers = {
  code: "anothers",
  message: "Lou is talking to Pete. Press again to take the caller over.",
};

async function open(page: Page, house: House, you: string, producersAir = false) {
  await madeFeed(page, picture(you, producersAir));
  await page.addInitScript(() => sessionStorage.setItem("callin.hungUp", "true"));
  const asked = await operations(page, (op, body) =>
    (op === "answer" || op === "take") && body.call === pete && !body.over ? anothers : undefined,
  );
  await page.goto(house.url);
  await expect(page.getByText(/^REHEARSAL/)).toBeVisible();
  const region = (name: string) => page.getByRole("region", { name, exact: true });
  return { asked, region, button: (name: string | RegExp) => page.getByRole("button", { name }) };
}

const apart = (page: Page) => page.waitForTimeout(850); // two presses within less are one

test("where the show lets producers air, theirs has the keys and buttons for it, and moves no phone", async ({
  house,
  page,
}) => {
  const { asked, region, button } = await open(page, house, "sam", true);
  await expect(region("On air")).toContainText("takes Abdul, drops Maria");
  await apart(page); // what Next does has been seen
  await page.keyboard.press("F1");
  await expect
    .poll(() => asked)
    .toContainEqual({ op: "next", body: { expect: abdul, drops: [maria] }, studio: "" });
  await region("Ready")
    .getByRole("button", { name: /^Open\s+Grace/ })
    .focus();
  await page.keyboard.press("k");
  await expect.poll(() => asked.at(-1)).toMatchObject({ op: "deck", body: { call: grace } });
  await button("Take Grace").click();
  await expect.poll(() => asked.at(-1)).toMatchObject({ op: "take", body: { call: grace } });
  await button("Hold Maria").click();
  await expect.poll(() => asked.at(-1)).toMatchObject({ op: "hold", body: { call: maria } });
  expect(asked.map(({ op }) => op)).not.toContain("token");
  expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
});

test("a producer talks off air to who is on hold, and puts them back", async ({ house, page }) => {
  const { asked, region, button } = await open(page, house, "sam");
  const at = line("studio", "held");
  await change(page, { seq: 2, cards: [card(maria, "Maria", at)] });
  await expect(button("Talk off air to Maria")).toBeVisible();
  await page.keyboard.press("Shift+H");
  await expect.poll(() => asked).toEqual([{ op: "talk", body: { call: maria, at }, studio: "" }]);
  const withSam = card(maria, "Maria", line("desk-sam"), { fromHold: "studio" });
  await change(page, { seq: 3, cards: [withSam] });
  await expect(region("With you, off air")).toContainText("you talk, off air; on hold for the host");
  await expect(button("Make Maria ready")).toHaveCount(0);
  expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
  await page.keyboard.press("Shift+H");
  await expect.poll(() => asked.at(-1)).toMatchObject({ op: "hold", body: { call: maria } });
  await page.keyboard.press("F4");
  await expect(region("Messages")).toContainText("Maria is on hold for the host: ⇧H puts them back.");
});

test("the host takes who is on hold and talked to by a second press", async ({ house, page }) => {
  const { asked, region, button } = await open(page, house, "");
  await change(page, { seq: 2, cards: [card(pete, "Pete", line("desk-lou"), { fromHold: "studio" })] });
  await expect(region("Ready in a moment")).toContainText("on hold, talks with Lou");
  await button("Take Pete").click();
  await button("Press again to take Pete").click({ delay: 900 });
  await expect.poll(() => asked.at(-1)).toMatchObject({ op: "take", body: { call: pete, over: true } });
});

test("a producer screens by keys, and has none for the air", async ({ house, page }) => {
  const { asked, region, button } = await open(page, house, "sam");
  await expect(region("On air")).toContainText("Maria");
  await expect(region("On air").getByRole("button")).toHaveCount(0);
  for (const name of [/^Next\b/, /^Take (?!over|the phone)/, /^Close\b/, /^Open\b(?! )/])
    await expect(button(name)).toHaveCount(0);
  await page.keyboard.press("F1");
  await expect(region("Messages")).toContainText("This is for a host's desk. This one is a producer.");
  await page.keyboard.press("F10");
  await expect(region("Messages")).toContainText("Who is on air is for a host's desk.");
  expect(asked).toEqual([]);

  // Who is not to be screened now is last, and the key answers the first.
  await expect(region("To screen").locator("li[data-call]")).toHaveText([/Karl/, /Ines.*not now/s]);
  await page.keyboard.press("F2");
  await expect
    .poll(() => asked.at(-1))
    .toMatchObject({ op: "answer", body: { call: karl, at: queue("screening") } });
  await change(page, { seq: 2, cards: [card(karl, "Karl", line("desk-sam"))] });
  const withYou = region("With you, off air");
  const point = withYou.getByRole("textbox", { name: "Point, in a few words" });
  await expect(point).toBeFocused();
  await page.keyboard.type("A bridge");
  await expect
    .poll(() => asked.at(-1))
    .toMatchObject({ op: "note", body: { call: karl, topic: "A bridge" } });

  await expect(withYou.getByText(/^✓ Saved/)).toBeVisible(); // what is told before that was written before it

  // What another desk writes over it at that moment is not lost, and neither is this.
  await change(page, { seq: 3, cards: [card(karl, "Karl", line("desk-sam"), { topic: "A bridge" })] });
  await change(page, { seq: 4, cards: [card(karl, "Karl", line("desk-sam"), { topic: "Two bridges" })] });
  await expect(point).toHaveValue("Two bridges");
  await withYou.getByRole("button", { name: "Use “A bridge”" }).click();
  await expect.poll(() => asked.at(-1)).toMatchObject({ op: "note", body: { topic: "A bridge" } });

  await page.keyboard.press("F9");
  await page.keyboard.press("Enter");
  await expect
    .poll(() => asked.at(-1))
    .toMatchObject({ op: "back", body: { call: karl, reason: "Bad line" } });
  await page.keyboard.press("Shift+F8");
  await button("Goodbye to Karl: No time left today").click();
  await expect.poll(() => asked.at(-1)).toMatchObject({ op: "drop", body: { call: karl, farewell: "full" } });
  await page.keyboard.press("F4");
  await expect
    .poll(() => asked.at(-1))
    .toMatchObject({ op: "ready", body: { call: karl, at: line("desk-sam") } });

  // Whom another desk has is asked for twice.
  await change(page, { seq: 5, cards: [card(karl, "Karl", queue("on-air"))] });
  await expect(region("With others")).toContainText("with Lou");
  await button("Take over Pete").click();
  await expect(region("Messages")).toContainText("Lou is talking to Pete.");
  await apart(page);
  await button("Press again to take over Pete").click();
  await expect.poll(() => asked.at(-1)).toMatchObject({ op: "answer", body: { call: pete, over: true } });
});

test("a host sees what producers have, who made whom next, and what is not to be missed", async ({
  house,
  page,
}) => {
  const { asked, region, button } = await open(page, house, "");
  await expect(region("Ready in a moment")).toContainText(/Pete.*with Lou/s);
  await expect(region("Next")).toContainText("made next by Dana");
  await expect(region("Ready").locator(`li[data-call="${grace}"]`)).toContainText("▲ next, says Lou");
  await expect(region("To the host")).toContainText("Pete leaves at nine");
  await change(page, {
    seq: 2,
    chat: [{ seq: 2, at: now, studio: "", desk: "sam", text: "Fire drill", toHost: true }],
  });
  await expect(page.getByRole("log", { name: "What is urgent" })).toContainText(
    "Sam, to the host: Fire drill",
  );
  await page.keyboard.press("x");
  await expect.poll(() => asked.at(-1)).toMatchObject({ op: "seen", body: { seq: 1 } });
  await button("Say: Wrap up").click();
  await expect.poll(() => asked.at(-1)).toMatchObject({ op: "say", body: { text: "Wrap up" } });

  // With somebody on air this page's phone is not the one on the line: it goes nowhere, and is asked for nothing.
  await page.getByLabel("Studio", { exact: true }).selectOption("Studio B");
  await expect(page.getByRole("heading", { level: 1 })).toContainText("Late");
  await page.getByRole("button", { name: "Say: No calls" }).click();
  await expect.poll(() => asked.at(-1)).toMatchObject({ op: "say", studio: "b" });
  await page.reload();
  await expect(page.getByRole("heading", { level: 1 })).toContainText("Late");
});

test("a watcher sees and is offered nothing", async ({ house, page }) => {
  const { asked, region } = await open(page, house, "news");
  await expect(region("To screen")).toContainText("Karl");
  await expect(
    page.getByRole("button", { name: /^(Answer|Propose|Take|Say|Hold|Drop|Mute|Connect)/ }),
  ).toHaveCount(0);
  for (const key of ["F2", "1", "m", "p", "c"]) {
    await page.keyboard.press(key);
    await expect(region("Messages")).toContainText("This one is a watcher, who sees and does nothing.");
    await apart(page);
  }
  expect(asked).toEqual([]);
});

for (const look of ["dark", "light", "forced colours"] as const)
  test(
    `a producer's desk has no accessibility fault that a program can find, ${look}`,
    look === "dark" ? {} : long,
    async ({ house, page }) => {
      await page.emulateMedia({ forcedColors: look === "forced colours" ? "active" : "none" });
      await page.addInitScript(
        (theme) => localStorage.setItem("callin.theme", JSON.stringify(theme)),
        look === "light" ? "light" : "dark",
      );
      await open(page, house, "sam");
      await change(page, { seq: 2, cards: [card(karl, "Karl", line("desk-sam"))] });
      await page.keyboard.press("F9");
      await expect(page.getByRole("group", { name: /^Why does/ })).toBeVisible();
      const result = await new AxeBuilder({ page }).analyze();
      expect(result.violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.html).join("\n")}`)).toEqual([]);
    },
  );

test("at a station's door the page asks for a code, and for another when the desk was signed out", async ({
  house,
  page,
}) => {
  await page.route("**/api/station", (route) =>
    route.fulfill({ json: { name: "Radio Northgate", rehearsal: false } }),
  );
  const codes: unknown[] = [];
  let paired = false;
  await page.route("**/api/pair", async (route) => {
    codes.push(route.request().postDataJSON());
    paired = codes.length > 1;
    const wrong = { code: "wrong_code", message: "This is not the code." };
    await route.fulfill(paired ? { json: { desk: { id: "sam" } } } : { status: 403, json: wrong });
  });
  await madeFeed(page, picture("sam"));
  await page.addInitScript(() => {
    const made = window.fetch;
    window.fetch = async (input, init) => {
      const feed = String(input).startsWith("/api/feed");
      if (!feed || sessionStorage.getItem("paired")) {
        const answer = await made(input, init);
        if (String(input).startsWith("/api/pair") && answer.ok) sessionStorage.setItem("paired", "yes");
        return answer;
      }
      return new Response(JSON.stringify({ code: "no_session", message: "" }), { status: 401 });
    };
  });
  await page.goto(new URL("/", house.url).href);
  await expect(page.getByRole("heading", { name: "Radio Northgate" })).toBeVisible();
  const code = page.getByLabel("Code, six digits");
  await expect(code).toBeFocused();
  await page.keyboard.type("123-45");
  await expect(code).toHaveValue("123 45");
  await page.keyboard.press("Enter");
  expect(codes).toEqual([]);
  await page.keyboard.type("6");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("alert")).toContainText("This is not the code.");
  expect(codes).toEqual([{ code: "123456", kind: "browser" }]);
  const result = await new AxeBuilder({ page }).analyze();
  expect(result.violations.map((v) => v.id)).toEqual([]);
  const paste = (text: string) =>
    code.evaluate((input, pasted) => {
      const clipboardData = new DataTransfer();
      clipboardData.setData("text/plain", pasted);
      input.dispatchEvent(new ClipboardEvent("paste", { clipboardData, cancelable: true }));
    }, text);
  await paste("Desk 2, studio 654");
  await expect(page.getByRole("alert")).toContainText("not just six digits in that, so nothing was tried");
  expect(codes).toHaveLength(1);
  const begun = page.waitForEvent("load"); // as the desk that it now is
  await paste("Desk 2: 654 321");
  await begun;
  await expect(page.getByRole("region", { name: "To screen" })).toContainText("Karl");
  expect(codes.at(-1)).toMatchObject({ code: "654321" });

  // Revoked: the page says so, and nothing of what it was shown stays.
  await page.evaluate(() => {
    sessionStorage.removeItem("paired");
    (window as unknown as { endFeed(): void }).endFeed();
  });
  await expect(page.getByRole("alert").first()).toContainText("This desk was signed out.");
  await expect(page.getByText("Karl")).toHaveCount(0);
});
