import { readdir, readFile } from "node:fs/promises";
import { basename, join } from "node:path";
import type { Page } from "@playwright/test";
import { Desk } from "./kit/desk";
import { long } from "./kit/long";
import { dj, expect, type House, test } from "./kit/test";

test.use({
  settings: {
    CALLIN_PARK_SECONDS: "1",
    CALLIN_WAIT_SECONDS: "60",
    CALLIN_SHOW: "Late",
    CALLIN_LANES: "2",
    CALLIN_TRACKS: "true",
  },
});

const files = ["host.wav", "lane-1.wav", "lane-2.wav"];

/** A mark that is put into everything that a context of the page hears, at one moment of its clock. */
async function withMarks(page: Page): Promise<() => Promise<number>> {
  await page.addInitScript(() => {
    const real = AudioContext.prototype.createMediaStreamSource;
    const heard = new Map<AudioContext, Set<GainNode>>();
    AudioContext.prototype.createMediaStreamSource = function (stream) {
      const both = new GainNode(this);
      real.call(this, stream).connect(both);
      heard.set(this, (heard.get(this) ?? new Set()).add(both));
      return both as never;
    };
    const recorded = new Set<AudioWorklet>();
    const add = AudioWorklet.prototype.addModule;
    AudioWorklet.prototype.addModule = function (url, ...more) {
      if (String(url).includes("tracks")) recorded.add(this);
      return add.call(this, url, ...more);
    };
    Object.assign(window, {
      mark: () => {
        const [context, nodes] = [...heard].find(([{ audioWorklet }]) => recorded.has(audioWorklet)) ?? [];
        if (!context || !nodes) throw new Error("nothing is recorded");
        const buffer = new AudioBuffer({ length: context.sampleRate / 100, sampleRate: context.sampleRate });
        buffer.getChannelData(0).fill(4); // whatever is said beside, a sample cannot say more
        const mark = new AudioBufferSourceNode(context, { buffer });
        for (const node of nodes) mark.connect(node);
        const at = context.currentTime + 0.3;
        mark.start(at);
        return at;
      },
    });
  });
  return () => page.evaluate(() => (window as unknown as { mark(): number }).mark());
}

interface Track {
  rate: number;
  samples: Int16Array;
}

/** The paths of a recording's files of a name on the station's disk: one, as there is one show. */
async function kept(data: string, file: string): Promise<string[]> {
  const all = (await readdir(data, { recursive: true })).filter((path) => basename(path) === file);
  expect(all.length, `files called ${file}`).toBeLessThan(2);
  return all.map((path) => join(data, path));
}

/** The tracks as they are on the station's disk now, which any program can read. */
async function tracksOf({ data }: House): Promise<Track[]> {
  const all: Track[] = [];
  for (const file of files) {
    const [path] = await kept(data, file);
    const bytes = path ? await readFile(path) : Buffer.alloc(44);
    const size = bytes.readUInt32LE(40);
    const samples = new Int16Array(bytes.buffer.slice(bytes.byteOffset + 44, bytes.byteOffset + 44 + size));
    all.push({ rate: bytes.readUInt32LE(24), samples });
  }
  return all;
}

/** Where the marks of a track begin. */
function marks({ rate, samples }: Track): number[] {
  const found: number[] = [];
  for (let i = 0; i < samples.length; i++) {
    if (samples[i] !== 32767) continue;
    found.push(i);
    i += rate / 10;
  }
  return found;
}

/** How loud a tone is in a second of a track, in dBFS. */
function level({ rate, samples }: Track, from: number, hz: number): number {
  let [cos, sin] = [0, 0];
  const n = rate;
  for (let i = 0; i < n; i++) {
    const sample = ((samples[from + i] ?? 0) / 32768) * (1 - Math.cos((2 * Math.PI * i) / n));
    cos += sample * Math.cos((2 * Math.PI * hz * i) / rate);
    sin += sample * Math.sin((2 * Math.PI * hz * i) / rate);
  }
  return 20 * Math.log10((2 * Math.hypot(cos, sin)) / n + 1e-9);
}

test(
  "each lane and the host have a track of their own, in step through a pause and a reload",
  long,
  async ({ house, page }) => {
    const mark = await withMarks(page);
    const desk = new Desk(page, house.url);
    await desk.openOnLine();
    const [ana, ben, cleo] = [await house.ring(), await house.ring(), await house.ring()];
    await ana.heard(/you are recorded while you are on air/);
    const words = desk.region("Phone").getByText(/^. Recording isolated tracks since/);
    const onAir = async (caller: typeof ana, press: "Take" | "Resume") => {
      await desk.press(caller, press);
      await desk.is(caller, "on air");
    };
    for (const caller of [ana, ben]) await desk.is(caller, "ready");
    for (const caller of [ana, ben]) await onAir(caller, "Take");
    await expect(words).toBeVisible();
    await Promise.all([desk.hears(ana), desk.hears(ben), ana.hears(dj)]);
    const fader = page.getByRole("slider", { name: /^Fader of .*, lane 1$/ });
    await fader.press("Home"); // what is recorded is before it
    /** Puts a mark once more has been heard before it than what is looked at, and waits until it is on the disk. */
    const marked = async (n: number): Promise<{ at: number; by: number }> => {
      await page.waitForTimeout(2500);
      const [at, by] = [await mark(), Date.now()];
      await expect
        .poll(async () => (await tracksOf(house)).map((track) => marks(track).length), { intervals: [500] })
        .toEqual([n, n, n]);
      return { at, by };
    };
    const first = await marked(1);
    await fader.fill("0");

    for (const caller of [ana, ben]) await desk.press(caller, "Drop");
    await expect(
      desk.region("Phone").getByText("Isolated tracks are recorded while somebody is on air."),
    ).toBeVisible();
    await page.waitForTimeout(3000);
    await onAir(cleo, "Take");
    await desk.hears(cleo);
    const second = await marked(2);

    await page.reload();
    await desk.isOnLine();
    await desk.button(/^Bring (them|the caller) back/).click();
    await desk.is(cleo, "on air");
    await desk.hears(cleo);
    const third = await marked(3);

    const tracks = await tracksOf(house);
    const { rate } = tracks[0] as Track;
    const at = tracks.map(marks);
    const within = rate / 1000;
    for (const n of [0, 1, 2])
      for (const of of at)
        expect(Math.abs((of[n] ?? 0) - (at[0]?.[n] ?? 0)), `mark ${n + 1}`).toBeLessThan(within);
    const [one = 0, two = 0, three = 0] = at[0] ?? [];
    expect(Math.abs(two - one - (second.at - first.at) * rate), "over the pause").toBeLessThan(within);
    // A new page has a new clock: how long it took to come is known by the station's.
    expect(Math.abs(three - two - ((third.by - second.by) * rate) / 1000), "over the reload").toBeLessThan(
      rate,
    );

    /** Of the tones that there are, a track has its own alone: far above all others, which are noise. */
    const alone = (n: number, from: number, hz: number) => {
      const is = (tone: number) => level(tracks[n] as Track, from, tone);
      const own = hz ? is(hz) : -25;
      expect(own, `${files[n]}: ${hz} Hz`).toBeGreaterThan(-35);
      for (const other of [ana.hz, ben.hz, cleo.hz, dj])
        if (other !== hz) expect(is(other), `${files[n]}: ${other} Hz beside ${hz}`).toBeLessThan(own - 30);
    };
    const before = (sample: number) => sample - 2 * rate;
    alone(0, before(one), dj);
    alone(1, before(one), ana.hz);
    alone(2, before(one), ben.hz);
    alone(1, before(two), cleo.hz);
    for (const n of [1, 2]) alone(n, before(three), n === 1 ? cleo.hz : 0);

    await desk.press(cleo, "Drop");
    await desk.closeShow();
    await desk.leaveSheet();
    await page.keyboard.press("r");
    const record = page.getByRole("dialog", { name: "Record" });
    await expect(record.getByText(/^Isolated tracks are recorded in /)).toBeVisible();
    await record.getByText("Isolated tracks: 6 files").click();
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      record.getByRole("button", { name: /^Download .*lane-1\.wav$/ }).click(),
    ]);
    const fetched = await readFile(await download.path());
    expect(fetched.length).toBe(44 + fetched.readUInt32LE(40));
    const [line] = await kept(house.data, "timeline.json");
    const { spans } = JSON.parse(await readFile(line ?? "", "utf8"));
    const spoke = spans.filter((s: { state: string }) => s.state === "talking");
    expect(spoke.map((s: { lane: number; name: string }) => [s.lane, s.name])).toEqual([
      [1, "Ana"],
      [2, "Ben"],
      [1, "Cleo"],
      [1, "Cleo"],
    ]);
    for (const { from, to } of spoke) expect(to).toBeGreaterThan(from + rate);
  },
);
