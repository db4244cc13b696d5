#!/usr/bin/env node
// Says what lanes cost: node build/lanes.mjs [LANES…], 3 by default. For one line and so many lanes, in a rehearsal with a
// caller on each, two on the one line, it prints how much of one processor the browser takes; as medians how long Take needs
// until the caller hears the host, how long a mute until the caller hears the host no more, and how long until one caller hears
// another no more who hangs up (all with what the rehearsal's ears need to tell a tone, about 0.2 s: what counts is what lanes
// add); and how long sound waits in the page's buffers on its way in. No part of build/test.
import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

const root = join(import.meta.dirname, "..");
const counts = process.argv.length > 2 ? process.argv.slice(2).map(Number) : [3];
if (!counts.every((lanes) => lanes >= 2 && lanes <= 6)) {
  console.error("node build/lanes.mjs [LANES…], each 2 to 6");
  process.exit(2);
}
/** How often somebody is taken. */
const takes = 5;
execFileSync("bash", ["-ec", `say() { printf 'build/lanes: %s\\n' "$*" >&2; }
  . build/page.sh; page_packages; page_build; mkdir -p build/bin; go build -trimpath -o build/bin/callin .`],
  { cwd: root, stdio: "inherit" });
const { chromium } = createRequire(join(root, "frontend/package.json"))("@playwright/test");

/** The host's voice in the callers' ears, in Hz: Chromium's own made microphone beeps, this one's does not. */
const voice = 1000;
const microphone = join(mkdtempSync(join(tmpdir(), "callin-lanes-")), "microphone.wav");
writeFileSync(microphone, waveOf(voice));

/** Two seconds of a tone, as a WAVE file. */
function waveOf(hz) {
  const [rate, samples] = [48_000, 96_000];
  const wav = Buffer.alloc(44 + samples * 2);
  wav.write("RIFF");
  wav.writeUInt32LE(36 + samples * 2, 4);
  wav.write("WAVEfmt ", 8);
  for (const [at, value] of [[16, 16], [24, rate], [28, rate * 2], [40, samples * 2]]) wav.writeUInt32LE(value, at);
  for (const [at, value] of [[20, 1], [22, 1], [32, 2], [34, 16]]) wav.writeUInt16LE(value, at);
  wav.write("data", 36);
  for (let n = 0; n < samples; n++) wav.writeInt16LE(8_000 * Math.sin((2 * Math.PI * hz * n) / rate), 44 + n * 2);
  return wav;
}

const median = (all) => [...all].sort((a, b) => a - b)[all.length >> 1];
const pause = (ms) => new Promise((done) => setTimeout(done, ms));

/** A process and the first line that it prints. */
async function begin(words, env = {}) {
  const child = spawn(join(root, "build/bin/callin"), words, {
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "ignore"],
  });
  for await (const line of createInterface(child.stdout)) return { child, line };
  throw new Error(`callin ${words[0]} did not start`);
}

/** How many seconds of a processor a process and its descendants have taken. */
function taken(pid) {
  const parent = new Map();
  const seconds = new Map();
  for (const id of readdirSync("/proc").filter((name) => /^\d+$/.test(name))) {
    try {
      const stat = readFileSync(`/proc/${id}/stat`, "utf8");
      const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
      parent.set(Number(id), Number(fields[1]));
      seconds.set(Number(id), (Number(fields[11]) + Number(fields[12])) / 100);
    } catch {} // it has ended
  }
  const its = (id) => id === pid || (parent.get(id) > 1 && its(parent.get(id)));
  return [...seconds].reduce((sum, [id, s]) => (its(id) ? sum + s : sum), 0);
}

async function look(lanes) {
  const rehearsal = await begin(["rehearsal"]);
  const { address, account_sid, auth_token } = JSON.parse(rehearsal.line);
  const headers = { Authorization: `Basic ${Buffer.from(`${account_sid}:${auth_token}`).toString("base64")}` };
  const stage = async (method, path, body) => {
    const answer = await fetch(new URL(path, address), {
      method,
      headers: { ...headers, "Content-Type": "application/json" },
      body: body && JSON.stringify(body),
    });
    return answer.status === 204 ? undefined : answer.json();
  };
  const data = mkdtempSync(join(tmpdir(), "callin-lanes-"));
  const callin = await begin(["--data", data, "--settings", "/dev/null", "--no-browser"], {
    CALLIN_REHEARSAL: address,
    TWILIO_ACCOUNT_SID: account_sid,
    TWILIO_AUTH_TOKEN: auth_token,
    CALLIN_LANES: `${lanes}`,
    CALLIN_WAIT_SECONDS: "60",
    CALLIN_SHOW: "Late",
  });
  const server = await chromium.launchServer({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: ["--no-sandbox", "--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream",
      `--use-file-for-fake-audio-capture=${microphone}`, "--allow-loopback-in-peer-connection"],
  });
  const browser = await chromium.connect(server.wsEndpoint());
  const page = await (await browser.newContext({ permissions: ["microphone"] })).newPage();
  await page.addInitScript(() => {
    const Real = RTCPeerConnection;
    window.peers = [];
    window.RTCPeerConnection = class extends Real {
      constructor(...words) {
        super(...words);
        window.peers.push(this);
      }
    };
  });
  await page.goto(callin.line.replace("desk: ", ""));
  await page.getByText(lanes > 1 ? `${lanes} of ${lanes} lanes on the line` : "● On the line").first().waitFor();

  const hears = async (sid, hz) => (await stage("GET", `/stage/callers/${sid}`)).hearing.tones.some((one) => Math.abs(one - hz) < 20);
  const until = async (sid, is, hz = voice) => {
    const began = performance.now();
    while ((await hears(sid, hz)) !== is) await pause(5);
    return performance.now() - began;
  };
  const toneOf = (n) => 400 + 170 * n;
  const ring = async (n) => (await stage("POST", "/stage/callers", { name: `Caller ${n}`, tone: toneOf(n) })).callers[0].call_sid;
  const take = async (n) => {
    const button = page.getByRole("button", { name: `Take Caller ${n}`, exact: true });
    await button.waitFor();
    await pause(1500); // lists that move heed no press
    await button.press("Enter");
  };

  // The last lane is taken again and again, as the others are used.
  const first = Math.max(lanes, 2);
  const others = [];
  for (let n = 1; n < first; n++) {
    others.push(await ring(n));
    await take(n);
    await until(others.at(-1), true);
  }
  const heard = [];
  const gone = [];
  const between = [];
  for (let n = first; n < first + takes; n++) {
    const sid = await ring(n);
    await take(n);
    heard.push(await until(sid, true));
    await pause(1000);
    await page.keyboard.press("m");
    gone.push(await until(sid, false));
    await pause(1000);
    await page.keyboard.press("m");
    await until(sid, true);
    if (n < first + takes - 1) {
      await until(others[0], true, toneOf(n));
      await stage("DELETE", `/stage/callers/${sid}`);
      between.push(await until(others[0], false, toneOf(n)));
      await page.getByRole("button", { name: `Drop Caller ${n}`, exact: true }).waitFor({ state: "detached" });
    }
  }
  const seconds = 15;
  const before = taken(server.process().pid);
  await pause(seconds * 1000);
  const load = ((taken(server.process().pid) - before) / seconds) * 100;
  const buffered = await page.evaluate(async () => {
    const waits = [];
    for (const peer of window.peers)
      for (const report of (await peer.getStats()).values())
        if (report.type === "inbound-rtp" && report.jitterBufferEmittedCount)
          waits.push((report.jitterBufferDelay / report.jitterBufferEmittedCount) * 1000);
    return waits;
  });
  await browser.close();
  await server.close();
  for (const { child } of [callin, rehearsal]) {
    const ended = new Promise((end) => child.on("exit", end));
    child.kill();
    await ended;
  }
  rmSync(data, { recursive: true });
  return { load, heard: median(heard), gone: median(gone), between: median(between), buffered: Math.max(...buffered) };
}

const one = await look(1);
const ms = (n) => `${Math.round(n)} ms`;
for (const lanes of [1, ...counts]) {
  const { load, heard, gone, between, buffered } = lanes === 1 ? one : await look(lanes);
  const ratio = (heard / one.heard).toFixed(2);
  console.log(`${lanes} ${lanes > 1 ? "lanes" : "line "}: browser ${load.toFixed(0)} % of a processor, Take to heard ${ms(heard)} (${ratio} of one line), mute to unheard ${ms(gone)}, caller to caller ${ms(between)}, buffers ${ms(buffered)}`);
}
rmSync(join(microphone, ".."), { recursive: true });
