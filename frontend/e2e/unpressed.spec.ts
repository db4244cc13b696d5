import { mkdtemp, rm } from "node:fs/promises";
import { devNull, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium, type LaunchOptions } from "@playwright/test";
import { whole } from "./kit/chromium";
import { Desk } from "./kit/desk";
import { Process } from "./kit/process";
import { near, type Rehearsal, Stage } from "./kit/stage";
import { dj, expect, test } from "./kit/test";
import { bindWindow, listen } from "./kit/windowpage";

// What is noted of a page for a trace counts as a press there.
test.use({ trace: "off" });

/** The browser as a person has it, which decides itself what may sound. */
const asItComes = (options: LaunchOptions, ...more: string[]): LaunchOptions => ({
  ...options,
  executablePath: whole,
  args: [...(options.args ?? []).filter((arg) => !arg.startsWith("--autoplay-policy")), ...more],
});

test("a caller is heard in a browser without a press on the page and without a flag", async ({
  house,
  launchOptions,
}) => {
  const browser = await chromium.launch(asItComes(launchOptions));
  const page = await (await browser.newContext({ permissions: ["microphone"] })).newPage();
  const says = await listen(page);
  await page.goto(house.url);
  await says(
    "this browser refuses sound before it has the microphone",
    ({ before }) => Object.values(before).join() === "suspended,NotAllowedError",
  );
  const ana = await house.ring();
  // By another page of the desk, once the phone is on the line, or it would take it: on this one nothing is pressed.
  await says("its phone is on the line", ({ phone }) => phone.includes("On the line for"));
  const beside = new Desk(await (await browser.newContext()).newPage(), await house.invite());
  await beside.open();
  await expect(beside.region("Phone")).toContainText("On the line, on another page");
  await beside.next();
  await says("Ana is heard", ({ tones }) => near(tones, ana.hz));
  await says(
    "nobody has pressed",
    ({ pressed, playing, refused }) => !pressed && playing > 0 && !refused.length,
  );
  await browser.close();
});

test("the window's page, at Windows' origin and under its policy, has its calls by the window's channel alone, without a press", async ({
  launchOptions,
}) => {
  const rehearsal = await Process.start(["rehearsal", "--pace", "6"], {});
  const stage = new Stage(JSON.parse(rehearsal.firstLine) as Rehearsal);
  const data = await mkdtemp(join(tmpdir(), "callin-e2e-"));
  const callin = await Process.start(
    ["--data", data, "--settings", devNull],
    {
      CALLIN_REHEARSAL: stage.rehearsal.address,
      TWILIO_ACCOUNT_SID: stage.rehearsal.account_sid,
      TWILIO_AUTH_TOKEN: stage.rehearsal.auth_token,
      DISPLAY: ":9", // the browser of the test is the window
    },
    fileURLToPath(new URL("../../build/bin/callin-bridge", import.meta.url)),
  );
  const at = await callin.line(/^window: (\S+)$/);
  const browser = await chromium.launch(
    asItComes(launchOptions, `--host-resolver-rules=MAP wails.localhost:80 ${at}`),
  );
  try {
    const page = await (await browser.newContext({ permissions: ["microphone"] })).newPage();
    const address = "http://wails.localhost/";
    const elsewhere: string[] = [];
    page.on("websocket", (socket) => elsewhere.push(socket.url()));
    page.on("request", (request) => {
      if (!/^(http:\/\/wails\.localhost\/|blob:)/.test(request.url())) elsewhere.push(request.url());
    });
    const broken: string[] = [];
    page.on("console", (message) => {
      if (/Content.Security.Policy/i.test(message.text())) broken.push(message.text());
    });
    await bindWindow(page);
    const says = await listen(page);
    const shown = await page.goto(address);
    expect(shown?.headers()["content-security-policy"]).toMatch(/^default-src 'none'; script-src 'self';/);
    await says(
      "this browser refuses sound before it has the microphone",
      ({ before }) => Object.values(before).join() === "suspended,NotAllowedError",
    );

    const ana = await stage.ring({ name: "Ana", number: "+12015550100", tone: 440 });
    await ana.heard(/./);
    // As a press of Take does, but on no page.
    const take = () =>
      fetch(`http://${at}/bridge/call/Operate`, {
        method: "POST",
        body: JSON.stringify(["", "take", JSON.stringify({ call: ana.sid })]),
      }).then((answer) => answer.json());
    await expect.poll(take).not.toContain('"error"');
    await says("Ana is heard", ({ tones }) => near(tones, ana.hz));
    await ana.hears(dj);
    await says(
      "nobody has pressed",
      ({ pressed, playing, refused }) => !pressed && playing > 0 && !refused.length,
    );

    // A page that is loaded again has its phone back by the same way.
    await page.reload();
    const desk = new Desk(page, address);
    await desk.isOnLine();
    expect(elsewhere, "the page went elsewhere").toEqual([]);
    expect(broken).toEqual([]);
  } finally {
    await browser.close();
    await callin.end();
    await rehearsal.end();
    await rm(data, { recursive: true, force: true });
  }
});
