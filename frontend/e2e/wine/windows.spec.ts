import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, open, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { test as base, expect } from "@playwright/test";
import { Desk } from "../kit/desk";
import { Process } from "../kit/process";
import { type Rehearsal, Stage } from "../kit/stage";

const bin = fileURLToPath(new URL("../../../build/bin", import.meta.url));
const com = resolve(bin, "callin.com");
const exe = resolve(bin, "callin.exe");

const wine = Object.fromEntries(
  ["WINEPREFIX", "WINEDEBUG", "WINEDLLOVERRIDES"].map((name) => [name, process.env[name] ?? ""]),
);

const test = base.extend<{
  data: string;
  /** Starts a program of Windows, which is killed at the end if it is still there. */
  start: (program: string, args: string[], env?: Record<string, string>) => Promise<Process>;
}>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright wants a pattern
  data: async ({}, use) => {
    const data = await mkdtemp(join(tmpdir(), "callin-wine-"));
    await use(data);
    await rm(data, { recursive: true, force: true });
  },
  // The folder is removed after those who write there have ended.
  start: async ({ data: _ }, use, info) => {
    const started: Process[] = [];
    await use(async (program, args, env = {}) => {
      const one = await Process.start([program, ...args], { ...wine, ...env }, "wine");
      started.push(one);
      return one;
    });
    for (const one of started) {
      if (info.status !== info.expectedStatus) await info.attach("log", { body: one.log.join("\n") });
      await one.end("SIGKILL");
    }
  },
});

const address = (callin: Process) => callin.firstLine.trim().replace(/^desk: /, "");
/** Where the desk is, without the code that lets one browser in. */
const origin = (callin: Process) => new URL(address(callin)).origin;

/** Whether Windows gives a program a console and shells wait for it. */
async function ofConsole(program: string): Promise<boolean> {
  const image = await readFile(program);
  const header = image.readUInt32LE(0x3c);
  const subsystem = image.readUInt16LE(header + 24 + 68);
  return subsystem === 3;
}

/**
 * Runs a command to its end. What it says goes into a file: the processes of Windows itself, which the first command
 * starts, would keep a pipe open.
 */
async function command(program: string, ...args: string[]): Promise<{ code: number | null; said: string }> {
  const path = join(await mkdtemp(join(tmpdir(), "callin-wine-")), "said");
  const file = await open(path, "w");
  const child = spawn(program, args, { stdio: ["ignore", file.fd, file.fd] });
  const [code] = await once(child, "exit");
  await file.close();
  const said = await readFile(path, "utf8");
  await rm(dirname(path), { recursive: true });
  return { code, said };
}

test("in a console there is callin.com: it says what is wrong, gives its code and ends with Ctrl-C", async ({
  start,
  data,
}) => {
  expect(await ofConsole(com)).toBe(true);
  expect(await ofConsole(exe)).toBe(false);
  const wrong = await command("wine", "cmd", "/c", `cd ${bin} && callin nonsense`);
  expect(wrong.said).toContain('there is no command "nonsense"');
  expect(wrong.code).toBe(2);

  const station = await start(com, ["station", "--no-callers", "--data", data]);
  expect(station.firstLine).toBe("door: none");
  await station.end("SIGINT");
  expect(station.code).toBe(0);
  expect(await readdir(join(data, "rehearsal")), "the journal was closed").not.toContain("journal.db-wal");
});

test("after callin.com was killed, all is as it was", async ({ start, data, page }) => {
  const rehearsal = await start(com, ["rehearsal", "--pace", "6"]);
  const stage = new Stage(JSON.parse(rehearsal.firstLine) as Rehearsal);
  const { address: twilio, account_sid, auth_token } = stage.rehearsal;
  const open = () =>
    start(com, ["--no-browser", "--no-callers", "--data", data], {
      CALLIN_REHEARSAL: twilio,
      TWILIO_ACCOUNT_SID: account_sid,
      TWILIO_AUTH_TOKEN: auth_token,
    });
  let station = await open();
  const at = origin(station);
  const desk = new Desk(page, address(station));
  await desk.open();
  await desk.button(/^A caller rings/).click();
  const ana = await stage.ring({ name: "Ana", number: "+12015550100" });
  await desk.is(ana, "ready");
  await expect.poll(() => desk.ready()).toHaveLength(2);
  await desk.note(ana, { Name: "Anabel", Location: "Leeds", Topic: "The tower" });
  await desk.press(ana, "Lock");
  await expect(desk.button("Unlock Anabel")).toBeAttached();
  const order = await desk.ready();

  await station.end("SIGKILL");
  station = await open();
  expect(origin(station), "an open page must find its desk again").toBe(at);
  expect(station.log.join("\n"), "the lock went with the process").not.toContain("cannot be locked");
  await desk.page.reload();
  await expect(
    desk.card(ana, "Ready").getByRole("button", { name: /^Edit Anabel\b.*Leeds\b.*The tower/ }),
  ).toBeVisible();
  await expect(desk.button("Unlock Anabel")).toBeAttached();
  expect(await desk.ready()).toEqual(order);
  await ana.hangUp();
  await desk.isNowhere(ana);
});

test("callin.exe on a PC without WebView2 opens its desk in the browser and says why", async ({
  start,
  data,
  page,
}) => {
  const callin = await start(exe, ["--no-callers", "--data", data]);
  const opened = () => readFile(process.env.WINE_OPENED ?? "", "utf8").catch(() => "");
  await expect.poll(opened, { timeout: 12_000 }).toContain(`${origin(callin)}/?code=`);
  const desk = new Desk(page, address(callin));
  await desk.open();
  await expect(page.getByText(/This PC has no WebView2 runtime.*developer\.microsoft\.com/)).toBeVisible();
  await desk.button(/^A caller rings/).click();
  await expect(desk.region("Ready")).toContainText("1 more hears the greeting");
});

test("an installer sees a desk and who is on air there, and ends it only in between", async ({
  start,
  data,
}) => {
  const rehearsal = await start(com, ["rehearsal", "--pace", "6"]);
  const stage = new Stage(JSON.parse(rehearsal.firstLine) as Rehearsal);
  const { address: twilio, account_sid, auth_token } = stage.rehearsal;
  expect((await command("wine", com, "quiet", "--end")).code, "without a desk").toBe(0);
  const callin = await start(com, ["--no-browser", "--no-callers", "--data", data], {
    CALLIN_REHEARSAL: twilio,
    TWILIO_ACCOUNT_SID: account_sid,
    TWILIO_AUTH_TOKEN: auth_token,
    CALLIN_DIAL_IN: stage.rehearsal.dial_in_number,
  });
  const ana = await stage.ring({ name: "Ana", number: "+12015550100" });
  await ana.heard(/./);
  expect((await command("wine", com, "quiet")).code, "with nobody on air").toBe(0);
  const dj = await stage.ring({ name: "DJ", to: stage.rehearsal.dial_in_number, keys: "1234" });
  await expect.poll(async () => (await command("wine", com, "quiet")).code, { timeout: 30_000 }).toBe(3);
  expect((await command("wine", com, "quiet", "--end")).code).toBe(3);
  expect(callin.code, "it was not ended").toBeNull();
  await dj.hangUp();
  expect((await command("wine", com, "quiet", "--end", "--wait", "30s")).code).toBe(0);
  await expect.poll(() => callin.code).toBe(0);
  expect(await readdir(join(data, "rehearsal")), "the journal was closed").not.toContain("journal.db-wal");
});

test("a computer that is shut down waits for who is on air, and then ends Callin in order", async ({
  start,
  data,
}) => {
  const rehearsal = await start(com, ["rehearsal", "--pace", "6"]);
  const stage = new Stage(JSON.parse(rehearsal.firstLine) as Rehearsal);
  const { address: twilio, account_sid, auth_token, dial_in_number: to } = stage.rehearsal;
  const callin = await start(exe, ["--no-callers", "--data", data], {
    CALLIN_REHEARSAL: twilio,
    TWILIO_ACCOUNT_SID: account_sid,
    TWILIO_AUTH_TOKEN: auth_token,
  });
  const ana = await stage.ring({ name: "Ana", number: "+12015550100", tone: 440 });
  await ana.heard(/./);
  const dj = await stage.ring({ name: "DJ", to, keys: "1234", tone: 350 });
  await ana.hears(350);
  const shutDown = () => command("wine", "wineboot", "--end-session");
  await shutDown();
  await ana.hears(350);
  expect(callin.ended, "a caller is on air").toBe(false);

  await dj.hangUp();
  await expect
    .poll(async () => {
      await shutDown();
      return callin.ended;
    })
    .toBe(true);
  expect(callin.code).toBe(0);
  expect(await readFile(join(data, "callin.log"), "utf8")).toMatch(/Callin ends\n$/);
  expect(await readdir(join(data, "rehearsal")), "the journal was closed").not.toContain("journal.db-wal");
});

const service = async () => (await command("wine", "sc", "query", "Callin")).said;

test("callin service install: a station runs without anybody, also after a restart of Windows, until it is removed", async () => {
  test.setTimeout(60_000);
  const data = join(wine.WINEPREFIX ?? "", "drive_c/ProgramData/Callin");
  const kept = () => readdir(join(data, "rehearsal"));
  expect(await command("wine", com, "service", "remove")).toMatchObject({
    code: 1,
    said: expect.stringContaining("no service of this computer"),
  });

  const installed = await command("wine", com, "service", "install", "--no-callers");
  let removed: typeof installed;
  try {
    // This wine cannot keep what starts a service again after a failure, and install says so.
    expect(installed.said).toMatch(/^Callin runs as a service|^callin: Callin is a service now and runs/);
    expect(await service()).toContain("RUNNING");
    expect((await command("wine", com, "service", "install")).said).toContain("is a service already");
    // As the service has no desk of its own, whoever is at its computer gives desks out.
    const gives = async (name: string) =>
      (
        await command(
          "wine",
          com,
          "desks",
          "add",
          "--data",
          "C:\\ProgramData\\Callin",
          "--role",
          "manager",
          name,
        )
      ).said;
    expect(await gives("Chief")).toMatch(/code: \d{3} \d{3}/);

    expect((await command("wine", "net", "stop", "Callin")).code).toBe(0);
    await expect.poll(service).toContain("STOPPED");
    expect(await kept(), "the journal was closed").not.toContain("journal.db-wal");
    expect(await readFile(join(data, "callin.log"), "utf8")).toMatch(/Callin ends\n$/);

    await command("wineserver", "-k");
    await command("wine", "wineboot");
    await expect.poll(service).toContain("RUNNING");
    await expect.poll(() => gives("Second")).toMatch(/code: \d{3} \d{3}/);
  } finally {
    removed = await command("wine", com, "service", "remove");
  }
  expect(removed.said).toContain("no service any more");
  expect(await service()).not.toContain("RUNNING");
  expect(await kept(), "what was kept stays").toContain("journal.db");
  expect(await kept(), "the journal was closed").not.toContain("journal.db-wal");
});
