import AxeBuilder from "@axe-core/playwright";
import { Desk } from "./kit/desk";
import { long } from "./kit/long";
import { expect, test } from "./kit/test";

test(
  "Costs counts a show at the account's prices, and warns at the limit that is set there",
  long,
  async ({ house, page }) => {
    await house.callin.end();
    const desks = { category: "calls-client", count: 5, minutes: 100, price: 0.4 };
    const lines = { category: "calls-globalconference", count: 9, minutes: 200, price: 0.36 };
    await house.stage.plant({
      usage: [desks, lines, { category: "sms", count: 1, minutes: 0, price: 9.24 }],
    });
    await house.start();
    const desk = new Desk(page, house.url);
    await desk.openOnLine();
    const view = page.getByRole("dialog", { name: "Costs" });
    const row = (name: RegExp) => view.getByRole("row", { name }).getByRole("cell");
    const foot = page.getByRole("contentinfo");

    await page.keyboard.press("Shift+E");
    await expect(row(/^Desks' phones/)).toHaveText(["1", "$0.004", "< $0.01"]);
    await expect(row(/^Callers on/)).toHaveText(["0", "$0.0085", "$0.00"]);
    await expect(view.getByText("$10.00", { exact: true })).toBeVisible();
    const ana = await house.ring();
    await expect(row(/^Callers on/)).toHaveText(["1", "$0.0085", "$0.01"]);
    await expect(row(/^This show so far, an estimate/)).toHaveText("about $0.01");
    await expect(view.getByText("about $10.01")).toBeVisible();

    const limit = view.getByRole("textbox", { name: "Limit for a month, in USD" });
    await limit.fill("-5");
    await page.keyboard.press("Enter");
    await expect(view.getByRole("alert").filter({ hasText: "A limit is more than nothing." })).toBeVisible();
    await expect(limit).toHaveAttribute("aria-invalid", "true");
    const faults = (await new AxeBuilder({ page }).analyze()).violations;
    expect(faults.map((v) => `${v.id}: ${v.nodes.map((n) => n.html).join("\n")}`)).toEqual([]);
    await limit.fill("12,50");
    await page.keyboard.press("Enter");
    await expect(view.getByText("The limit is set.")).toBeVisible();
    await expect(view.getByText("▲ 80 % of the limit of $12.50.")).toBeVisible();
    await expect(limit).toHaveValue("12.50");
    const warning = page.getByRole("region", { name: "Messages" });
    await expect(
      warning.getByText(/80 % of this month's limit is used: about 10\.0\d of 12\.50 USD\./),
    ).toBeVisible();
    await page.keyboard.press("Escape");
    await expect(view).toBeHidden();
    await expect(foot.getByText(/^This show about \$0\.0\d · ▲ 80 % of the month's limit$/)).toBeVisible();

    // Who is on air stays there whatever it costs.
    await desk.next();
    await desk.is(ana, "on air");
    await foot.getByRole("button", { name: "Costs" }).click();
    await limit.fill("10");
    await view.getByRole("button", { name: "Set" }).click();
    await expect(view.getByText("▲ 100 % of the limit of $10.00: it is passed. Shows go on.")).toBeVisible();
    await expect(
      warning.getByText(/This month's limit is passed: about .* of 10\.00 USD\. The show goes on\.$/),
    ).toBeVisible();
    await page.keyboard.press("Escape");
    await desk.is(ana, "on air");
    await page.reload();
    await desk.isOnLine();
    await expect(foot.getByText("▲ the month's limit is passed")).toBeVisible();
    await foot.getByRole("button", { name: "Costs" }).click();
    await expect(limit).toHaveValue("10");
  },
);
