import { readFile, stat, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import AxeBuilder from "@axe-core/playwright";
import { long } from "./kit/long";
import { expect, test } from "./kit/test";

test(
  "a show goes on after its journal was damaged, and its record can be read",
  long,
  async ({ desk, house }) => {
    const ana = await house.ring();
    const ben = await house.ring();
    await desk.is(ben, "ready");
    await desk.next();
    await desk.is(ana, "on air");

    await house.callin.end("SIGKILL");
    const journal = join(house.data, "rehearsal", "journal.db");
    await truncate(`${journal}-wal`, 0);
    await writeFile(journal, Buffer.alloc((await stat(journal)).size, "not a journal "));
    await house.start();
    const banner = desk.page.getByText(/The journal was damaged.*The old one is .*journal\.db-damaged-/);
    await expect(banner).toBeVisible();
    await desk.is(ana, "on air");
    await desk.is(ben, "ready");

    await desk.page.keyboard.press("r");
    const record = desk.page.getByRole("dialog", { name: "Record" });
    const rows = record.getByRole("row");
    await expect(rows.filter({ hasText: "201 555 0100" })).toContainText("Still here: on air");
    await desk.page.keyboard.press("F6"); // the caller on air is at hand all the same
    await desk.is(ana, "on hold");
    expect((await new AxeBuilder({ page: desk.page }).analyze()).violations).toEqual([]);
    await record.getByLabel("Search").fill("show opened");
    await expect(rows).toHaveCount(2); // the heads of the columns are one

    const download = desk.page.waitForEvent("download");
    await record.getByRole("button", { name: /as CSV$/ }).click();
    const file = await (await download).path();
    const csv = await readFile(file, "utf8");
    expect(csv).toMatch(/^\ufeffName,/);
    expect(csv).toMatch(/^.*,\+1 201 555 0100,.*Still here: on hold.*\r$/m);

    await record.getByLabel("Search").fill("rang");
    const forget = record.getByRole("row", { name: /201 555 0100/ }).getByRole("button", { name: /data/ });
    await forget.press("Enter");
    await expect(forget).toBeEnabled(); // a second press at once would be the first, doubled
    await forget.press("Enter");
    await expect(record.getByText(/on the telephone now/)).toBeVisible();

    // Once she has hung up, the file that holds her is named.
    await ana.hangUp();
    await desk.isNowhere(ana);
    await forget.press("Enter");
    await expect(forget).toBeEnabled(); // a second press at once would be the first, doubled
    await forget.press("Enter");
    const named = (await download).suggestedFilename();
    await expect(record.getByRole("status").last()).toContainText(`delete them by hand: ${named} of `);
    await record.getByLabel("Search").fill("data was deleted");
    await expect(rows.filter({ hasText: named })).toHaveCount(1);
    await desk.page.keyboard.press("Escape");
    await expect(record).toBeHidden();
  },
);
