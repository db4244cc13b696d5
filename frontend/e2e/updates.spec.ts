import { execFileSync } from "node:child_process";
import { createHash, generateKeyPairSync, sign } from "node:crypto";
import { mkdir, mkdtemp, readdir, readlink, rm, writeFile } from "node:fs/promises";
import { devNull, tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import AxeBuilder from "@axe-core/playwright";
import { Desk } from "./kit/desk";
import { long } from "./kit/long";
import { Process } from "./kit/process";
import { expect, test } from "./kit/test";

const root = resolve(fileURLToPath(new URL("../..", import.meta.url)));

/** A Callin 0.2.0 that an installer has installed, and a signed 0.3.0 whose installer ends with 3. */
async function installed() {
  const dir = await mkdtemp(join(tmpdir(), "callin-e2e-update-"));
  const [program, data] = [join(dir, "program", "callin"), join(dir, "data")];
  const offered = join(data, "updates");
  await mkdir(offered, { recursive: true });
  const { publicKey, privateKey } = generateKeyPairSync("ed25519");
  const key = Buffer.from(publicKey.export({ format: "jwk" }).x ?? "", "base64url").toString("base64");
  const stamp = `-X callin/app.stampedVersion=0.2.0 -X callin/app.stampedUpdateKey=${key}`;
  execFileSync("go", ["build", "-o", program, "-ldflags", stamp, "."], { cwd: root });
  await writeFile(join(dir, "program", "install.json"), '{"kind":"per-user"}');
  const installer = "#!/bin/sh\nexit 2\n";
  const arch = execFileSync("go", ["env", "GOARCH"]).toString().trim();
  const file = {
    name: "callin-setup",
    system: `linux/${arch}`,
    kind: "per-user",
    size: installer.length,
    sha256: createHash("sha256").update(installer).digest("hex"),
  };
  const notes = ["Callers are heard better.", "A desk opens faster."];
  const described = JSON.stringify({ version: "0.3.0", date: "2026-11-26", notes, files: [file] });
  await writeFile(join(offered, file.name), installer);
  await writeFile(join(offered, "updates.json"), described);
  await writeFile(
    join(offered, "updates.json.sig"),
    sign(null, Buffer.from(described), privateKey).toString("base64"),
  );
  return { dir, program, args: ["--data", data, "--settings", devNull, "--no-browser", "--no-callers"] };
}

/** Ends what runs a program of the test's own folder: the desk that was started again is no child of the test. */
async function endAll(dir: string) {
  for (const pid of (await readdir("/proc")).filter((name) => /^\d+$/.test(name))) {
    const exe = await readlink(`/proc/${pid}/exe`).catch(() => "");
    if (exe.startsWith(`${dir}/`)) process.kill(Number(pid), "SIGKILL");
  }
}

test(
  "a newer Callin is shown in a line, and is not installed while a show is open",
  long,
  async ({ page }) => {
    test.slow(); // a Callin with a number is built
    const { dir, program, args } = await installed();
    const callin = await Process.start(args, {}, program);
    try {
      const desk = new Desk(page, callin.firstLine.replace("desk: ", ""));
      await page.goto(desk.url);
      await expect(page.getByText("Callin 0.3.0 is there.")).toBeVisible();
      await page.screenshot({ path: test.info().outputPath("line.png") });
      await page.getByRole("button", { name: "What is new in Callin 0.3.0" }).click();
      const view = page.getByRole("dialog", { name: "Updates" });
      await expect(view.getByRole("list", { name: "What is new" }).getByRole("listitem")).toHaveText([
        "Callers are heard better.",
        "A desk opens faster.",
      ]);
      const update = view.getByRole("button", { name: "Update to 0.3.0" });
      await expect(update).toHaveAttribute("aria-disabled", "true");
      await expect(
        view.getByText("A show is open. Callin is updated when it has been closed."),
      ).toBeVisible();
      expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
      await page.screenshot({ path: test.info().outputPath("open.png") });
      await page.keyboard.press("Escape");

      await desk.closeShow();
      await desk.leaveSheet();
      await page.getByRole("button", { name: "What is new in Callin 0.3.0" }).click();
      await expect(update).not.toHaveAttribute("aria-disabled");
      await page.screenshot({ path: test.info().outputPath("closed.png") });
      await update.click();

      // Its installer fails: the desk comes back as it was, and says why.
      await page.keyboard.press("Escape");
      const why = "Callin was not updated to 0.3.0: its installer ended with the code 2. Callin 0.2.0 runs.";
      await expect(page.getByText(why)).toBeVisible({ timeout: 60_000 });
      await page.screenshot({ path: test.info().outputPath("back.png") });
    } finally {
      await callin.end();
      await endAll(dir);
      await rm(dir, { recursive: true, force: true });
    }
  },
);
