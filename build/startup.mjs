#!/usr/bin/env node
// Says how large Callin is and how soon a desk is of use: build/startup [TIMES], 5 by default. Each time it starts a
// rehearsal and opens its desk in a new browser, and prints the median and the range in ms: what the Go process takes
// until it says where the desk is, what the page takes from there until it shows the show, and until its phone is on the
// line. Warm, and as root on Linux cold too, with nothing in the system's memory. No part of build/test.
import { execFileSync, spawn } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";

const root = join(import.meta.dirname, "..");
const times = Number(process.argv[2] ?? 5);
if (!(times > 0)) {
  console.error("build/startup [TIMES]");
  process.exit(2);
}
execFileSync("bash", ["-ec", `say() { printf 'build/startup: %s\\n' "$*" >&2; }
  . build/page.sh; page_packages; page_build; mkdir -p build/bin; go build -trimpath -ldflags '-s -w' -o build/bin/callin .`],
  { cwd: root, stdio: "inherit" });
const { chromium } = createRequire(join(root, "frontend/package.json"))("@playwright/test");

const program = join(root, "build/bin/callin");
const inMemory = "/proc/sys/vm/drop_caches";

/** What one start takes, in ms. */
async function start() {
  const data = mkdtempSync(join(tmpdir(), "callin-startup-"));
  const began = performance.now();
  const callin = spawn(program, ["--no-browser", "--no-callers", "--data", data, "--settings", "/dev/null"], {
    stdio: ["ignore", "pipe", "ignore"],
  });
  const desk = await new Promise((known, failed) => {
    callin.stdout.on("data", (text) => {
      const at = /^desk: (\S+)$/m.exec(String(text))?.[1];
      if (at) known(at);
    });
    callin.on("exit", () => failed(new Error("Callin did not start")));
  });
  const process = performance.now() - began;
  const browser = await chromium.launch({
    executablePath: globalThis.process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: ["--no-sandbox", "--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream", "--allow-loopback-in-peer-connection"],
  });
  const page = await (await browser.newContext({ permissions: ["microphone"] })).newPage();
  const opened = performance.now();
  await page.goto(desk);
  await page.getByRole("button", { name: /^Close/ }).waitFor();
  const shown = performance.now() - opened;
  await page.getByText("● On the line").first().waitFor();
  const onLine = performance.now() - opened;
  await browser.close();
  const ended = new Promise((end) => callin.on("exit", end));
  callin.kill();
  await ended;
  rmSync(data, { recursive: true });
  return { process, shown, onLine };
}

async function measure(how, before) {
  const all = [];
  for (let n = 0; n < times; n++) {
    before();
    all.push(await start());
  }
  const of = (what) => {
    const sorted = all.map((one) => one[what]).sort((a, b) => a - b);
    const ms = (n) => String(Math.round(n));
    return `${ms(sorted[Math.floor(times / 2)])} (${ms(sorted[0])}–${ms(sorted.at(-1))})`;
  };
  console.log(`${how}, ${times} starts: process ${of("process")}, page shown after ${of("shown")}, phone on the line after ${of("onLine")} ms`);
}

const megabytes = (bytes) => `${(bytes / 1e6).toFixed(1)} MB`;
console.log(`callin: ${megabytes(statSync(program).size)}`);
const assets = join(root, "frontend/dist/assets");
const page = readdirSync(assets).reduce((sum, name) => sum + statSync(join(assets, name)).size, 0);
console.log(`page: ${megabytes(page)}`);
for (const name of readdirSync(join(root, "build/bin")))
  if (/^callin.*_.*\.(deb|exe|msi|zip|gz)$/.test(name)) console.log(`${name}: ${megabytes(statSync(join(root, "build/bin", name)).size)}`);
await start(); // warms up
await measure("warm", () => {});
let may = existsSync(inMemory);
try {
  if (may) writeFileSync(inMemory, "3");
} catch {
  may = false;
}
if (may) await measure("cold", () => writeFileSync(inMemory, "3"));
else console.log("cold: not measured, as only root on Linux can empty the system's memory of files");
