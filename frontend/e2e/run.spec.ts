import { readdirSync, readFileSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { devNull, tmpdir } from "node:os";
import { join } from "node:path";
import { Desk } from "./kit/desk";
import { Process } from "./kit/process";
import { test as base, expect } from "./kit/test";

const test = base.extend<{ data: string }>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the fixtures from the pattern.
  data: async ({}, use) => {
    const data = await mkdtemp(join(tmpdir(), "callin-e2e-run-"));
    await use(data);
    await rm(data, { recursive: true, force: true });
  },
});

/** The processes whose parent is pid. */
function childrenOf(pid: number): number[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((child) => {
      try {
        const stat = readFileSync(`/proc/${child}/stat`, "utf8");
        return Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]) === pid;
      } catch {
        return false; // It has ended meanwhile.
      }
    });
}

test("one command runs a rehearsal in which callers ring, and Ctrl-C ends all of it", async ({
  page,
  browser,
  data,
}) => {
  const callin = await Process.start(["--data", data, "--settings", devNull, "--no-browser"], {});
  try {
    expect(callin.firstLine).toMatch(/^desk: http:\/\/127\.0\.0\.1:\d+\/\S*$/);
    const desk = new Desk(page, callin.firstLine.slice("desk: ".length));
    await desk.open();
    await expect(desk.region("Ready").getByRole("listitem").first()).toBeVisible({ timeout: 20_000 });

    // Started once more, Callin leads to the desk that is there.
    const again = await Process.start(["--data", data, "--settings", devNull, "--no-browser"], {});
    const fresh = new URL(again.firstLine.slice("desk: ".length));
    expect(fresh.origin).toBe(new URL(desk.url).origin);
    const other = new Desk(await (await browser.newContext()).newPage(), fresh.href);
    await other.open();
    // All browsers can be signed out, and a fresh address lets in again.
    await page.keyboard.press("?");
    await expect(page.getByText(join(data, "callin.log"))).toBeVisible();
    await page.getByRole("button", { name: "Sign out all browsers" }).click();
    await page.getByRole("button", { name: /^Press again to sign out/ }).click();
    for (const it of [page, other.page])
      await expect(it.getByText(/This desk is locked/).first()).toBeVisible();
    await page.goto(fresh.href);
    await expect(page.getByText(/This desk is locked/).first()).toBeVisible();

    const children = childrenOf(callin.pid);
    expect(children).toHaveLength(1);
    await callin.end("SIGINT");
    expect(callin.printed).toHaveLength(1);
    for (const child of children) expect(() => process.kill(child, 0)).toThrow();
  } finally {
    await callin.end("SIGKILL");
  }
});

test("settings that cannot be read are refused with their line", async ({ data }) => {
  await writeFile(join(data, "callin.toml"), 'show = "Late"\nsreens = true\n');
  const refused = await Process.start(
    ["--data", data, "--settings", join(data, "callin.toml"), "--no-browser"],
    {},
  ).then(
    () => "it started",
    (error: Error) => error.message,
  );
  expect(refused).toMatch(/callin\.toml, line 2/);
  expect(refused).toContain("sreens");
});
