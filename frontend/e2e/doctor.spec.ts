import { execFile } from "node:child_process";
import { promisify } from "node:util";
import AxeBuilder from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import { long } from "./kit/long";
import { callinBinary } from "./kit/process";
import { expect, type House, test } from "./kit/test";

test("Doctor looks the station and this computer over, and has the sheet for the wall", async ({ desk }) => {
  const { page } = desk;
  const axe = async () =>
    expect(
      (await new AxeBuilder({ page }).analyze()).violations.map(
        (v) => `${v.id}: ${v.nodes.map((n) => n.html).join("\n")}`,
      ),
    ).toEqual([]);
  await page.context().grantPermissions(["microphone", "clipboard-read", "clipboard-write"]);
  await page.keyboard.press("Shift+L");
  const view = page.getByRole("dialog", { name: "Doctor" });
  const finding = (name: string) =>
    view.getByRole("listitem").filter({ has: page.getByText(name, { exact: true }) });
  await expect(view.getByRole("status").filter({ hasText: "Nothing is wrong." })).toBeVisible();
  await expect(finding("Public address")).toContainText("✓ fine");
  await expect(finding("Certificate")).toContainText("– not looked at");
  await expect(finding("Microphone")).toContainText(/hears something \(-\d+ dBFS\)/);
  await expect(finding("Sound")).toContainText("Sound passes both ways");

  // One that is wrong, among what the station said of the others.
  await page.route("**/api/op/doctor", async (route) => {
    const answer = await route.fetch();
    const checkup = await answer.json();
    const what = "At Twilio not all leads here: calls to +12025550100 go elsewhere.";
    const numbers = { id: "numbers", state: "wrong", what, do: "Start Callin again.", tookMs: 1 };
    checkup.findings = checkup.findings.map((f: { id: string }) => (f.id === "numbers" ? numbers : f));
    await route.fulfill({ response: answer, json: checkup });
  });
  await view.getByRole("button", { name: "Look again" }).click();
  await expect(view.getByRole("status").filter({ hasText: "1 thing is wrong." })).toBeVisible();
  await expect(finding("Numbers and apps")).toContainText(/▲ wrong.*Start Callin again\./s);
  await axe();
  await view.getByRole("button", { name: "Copy for support" }).click();
  await expect(view.getByText("Copied, without secrets.")).toBeVisible();
  const copied = await page.evaluate(() => navigator.clipboard.readText());
  expect(copied).toContain(
    "▲ wrong · Numbers and apps: At Twilio not all leads here: calls to +12…00 go elsewhere.",
  );
  expect(copied).not.toMatch(/\+\d{5}/);

  await view.getByRole("button", { name: "Emergency sheet" }).click();
  const sheet = page.getByRole("dialog", { name: "Emergency sheet" });
  await expect(sheet).toContainText("+1 202 555 0101");
  await expect(sheet).toContainText("* brings the next caller");
  await expect(sheet).toContainText("UDP to 168.86.128.0/18");
  await axe();
  await page.emulateMedia({ media: "print" });
  await expect(sheet.getByRole("button")).toHaveCount(0);
  await expect(page.getByText("Callers dial", { exact: false }).first()).toBeHidden();
  await page.emulateMedia({ media: null });
  await page.keyboard.press("Escape");
  await expect(sheet).toBeHidden();
});

interface Checkup {
  findings: { id: string; state: string; what: string }[];
}

/** What a terminal says of what only a page can see. */
async function inTerminal(house: House): Promise<string[]> {
  const { stdout } = await promisify(execFile)(callinBinary, ["doctor", "--json", "--data", house.data]);
  const { findings } = JSON.parse(stdout) as Checkup;
  const ofPage = ["microphone", "output", "sound", "signalling"];
  return findings.filter((f) => ofPage.includes(f.id)).map((f) => `${f.id} ${f.state}: ${f.what}`);
}

test(
  "callin doctor asks the page of an open desk, which shows nothing of it",
  long,
  async ({ desk, house }) => {
    const { page } = desk;
    await page.context().grantPermissions(["microphone"]);
    // All but the clocks, which go on, and how good the connection is, which goes up and down.
    const shows = async () =>
      (await page.locator("body").ariaSnapshot())
        .replace(/\d+:\d\d(:\d\d [AP]M)?/g, "now")
        .replace(/.*Connection .*\n/g, "");
    const before = await shows();
    const asked = await inTerminal(house);
    expect(asked).toHaveLength(4);
    expect(asked[0]).toMatch(/^microphone fine: At Station PC: .* hears something/);
    expect(asked[2]).toBe("sound fine: At Station PC: Sound passes both ways on this desk's phone now.");
    expect(await shows()).toBe(before);

    await page.close();
    await expect(async () => {
      const [microphone] = await inTerminal(house);
      expect(microphone).toMatch(/^microphone unlooked: No desk is open/);
    }).toPass();
  },
);

test("a test call on no line tells whether sound gets through to Twilio", long, async ({ desk, house }) => {
  const { page } = desk;
  const noPhone = () => expect(desk.region("Phone").getByRole("status").first()).toHaveText(/Not connected$/);
  await page.keyboard.press("p");
  await noPhone();
  await page.keyboard.press("Shift+L");
  const view = page.getByRole("dialog", { name: "Doctor" });
  const finding = (name: string) =>
    view.getByRole("listitem").filter({ has: page.getByText(name, { exact: true }) });
  const look = async (faults: object) => {
    await house.stage.request("PUT", "/stage/faults", faults);
    const again = view.getByRole("button", { name: "Look again" });
    await expect(again).toBeEnabled({ timeout: 30_000 });
    await again.click();
    await expect(view.getByText("Looking… this takes a few seconds.")).toBeVisible();
    await expect(again).toBeEnabled({ timeout: 30_000 });
  };
  await look({});
  await expect(finding("Signalling")).toContainText(
    /✓ fine.*let this page in after \d+ ms, at the edge ashburn/s,
  );
  // How good it is depends on how busy this computer is.
  await expect(finding("Sound")).toContainText(/A test call.*quality \d\.\d of 4\.5, \d+ ms there and back/s);
  const wrong = view.getByRole("listitem").filter({ hasText: "▲ wrong" });
  await expect(wrong.filter({ hasNotText: "A test call" })).toHaveCount(0);
  // It was on no line, and the desk has no phone of it.
  await noPhone();

  await look({ no_udp: {} });
  await expect(finding("Sound")).toContainText("UDP is blocked: calls connect, and there is no sound.");
  await expect(view.getByText("▲ wrong")).toHaveCount(1);

  await look({ no_signalling: {} });
  await expect(finding("Signalling")).toContainText(/▲ wrong.*lets this page not in/s);
  await expect(finding("Sound")).toContainText("Without signalling no sound could be tried.");
  await expect(view.getByText("▲ wrong")).toHaveCount(1);
});

/** Has the page's microphone or outputs be as they are on other computers. */
async function plant(page: Page, fault: Planted) {
  await page.evaluate((fault) => {
    const { mediaDevices } = navigator;
    const track = (property: string, value: () => unknown) =>
      Object.defineProperty(MediaStreamTrack.prototype, property, { configurable: true, value });
    if (fault.refused) mediaDevices.getUserMedia = () => Promise.reject(new DOMException("", fault.refused));
    if (fault.label)
      Object.defineProperty(MediaStreamTrack.prototype, "label", {
        configurable: true,
        get: () => fault.label,
      });
    if (fault.rate) track("getSettings", () => ({ sampleRate: fault.rate }));
    if (fault.output) {
      const output = {
        kind: "audiooutput",
        deviceId: "default",
        groupId: "1",
        label: `Default - ${fault.output}`,
      };
      mediaDevices.enumerateDevices = async () =>
        [output, { ...output, deviceId: "a", label: fault.output }] as MediaDeviceInfo[];
    }
    if (fault.system)
      Object.defineProperty(navigator, "userAgent", { configurable: true, get: () => fault.system });
  }, fault);
}

interface Planted {
  refused?: string;
  label?: string;
  rate?: number;
  output?: string;
  system?: string;
}

const faults: [string, Planted, line: string, says: RegExp][] = [
  [
    "another program has the microphone",
    { refused: "NotReadableError" },
    "Microphone",
    /▲ wrong.*another program may have it for itself.*End that program/s,
  ],
  [
    "there is no microphone",
    { refused: "NotFoundError" },
    "Microphone",
    /▲ wrong.*no microphone.*Plug one in/s,
  ],
  [
    "a headset is in its hands-free mode",
    { label: "Headset (WH-1000XM4 Hands-Free AG Audio)" },
    "Microphone",
    /▲ wrong.*WH-1000XM4.*sounds like a telephone.*by its cable/s,
  ],
  [
    "a headset has the rate of a telephone",
    { label: "Headset", rate: 16_000 },
    "Microphone",
    /▲ wrong.*Headset is in its hands-free mode/s,
  ],
  [
    "what is heard is a hands-free output",
    { output: "Headphones (WH-1000XM4 Hands-Free)" },
    "Sound output",
    /▲ wrong.*You hear through .*WH-1000XM4 Hands-Free/s,
  ],
  [
    "Windows may lower other sound",
    { system: "Mozilla/5.0 (Windows NT 10.0; Win64; x64)" },
    "Windows' sound",
    /– not looked at.*Do nothing/s,
  ],
];

test("Doctor finds what is wrong with this computer's sound", long, async ({ desk, house }) => {
  const { page } = desk;
  await page.context().grantPermissions(["microphone"]);
  for (const [what, fault, line, says] of faults)
    await test.step(what, async () => {
      await page.goto(new URL(house.url).origin);
      await desk.isOnLine();
      await plant(page, fault);
      await page.keyboard.press("Shift+L");
      const view = page.getByRole("dialog", { name: "Doctor" });
      await expect(
        view.getByRole("listitem").filter({ has: page.getByText(line, { exact: true }) }),
      ).toContainText(says);
    });
});
