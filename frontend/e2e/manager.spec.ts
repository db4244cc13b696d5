import AxeBuilder from "@axe-core/playwright";
import { operations } from "./kit/feed";
import { long } from "./kit/long";
import { expect, test } from "./kit/test";

// Over operations that are answered here: what they do is the station's own tests' to prove.
test(
  "a manager gives desks out: a code to be read out, new roles, and the end by a second press",
  long,
  async ({ desk }) => {
    const { page } = desk;
    const asked = await operations(page, () => undefined);
    const lou = {
      ...{ id: "lou", name: "Lou", roles: ["producer"], studios: [""], paired: 1, with: "browser" },
      ...{ until: 0, seen: "2026-11-25" },
    };
    const keys: Record<string, unknown>[] = [];
    await page.route("**/api/op/desks", (route) =>
      route.fulfill({
        json: { desks: [lou], keys, addresses: ["https://desk.example.org"], words: "oak river" },
      }),
    );
    const until = Date.now() + 600_000;
    for (const op of ["deskAdd", "deskCode"])
      await page.route(`**/api/op/${op}`, async (route) => {
        asked.push({ op, body: route.request().postDataJSON() as Record<string, unknown>, studio: "" });
        await route.fulfill({ json: { desk: "lou", code: "482 913", until } });
      });

    await page.keyboard.press("Shift+D");
    const view = page.getByRole("dialog", { name: "Desks of the station" });
    await expect(view.getByRole("listitem")).toHaveCount(2);
    await expect(view).toContainText("Station PC");
    await view.getByRole("button", { name: "Add a desk" }).click();
    await page.keyboard.type("Newsroom");
    await view.getByRole("checkbox", { name: /^Producer/ }).uncheck();
    await expect(view).toContainText("Without any it is a watcher");
    await page.keyboard.press("Tab");
    await view.getByRole("button", { name: "Add, and show its code" }).click();
    await expect
      .poll(() => asked.at(-1))
      .toMatchObject({
        op: "deskAdd",
        body: { name: "Newsroom", roles: ["watcher"], studios: [""] },
      });
    await expect(view.getByText("482 913")).toBeVisible();
    await expect(view).toContainText(/good for (09:5\d|10:00), once/);
    await expect(view).toContainText("https://desk.example.org");
    await expect(view).toContainText("oak river");

    await view.getByRole("button", { name: "Change Lou" }).click();
    await view.getByRole("checkbox", { name: /^Host/ }).check();
    await view.getByRole("button", { name: "Save" }).click();
    await expect
      .poll(() => asked.at(-1))
      .toMatchObject({ op: "deskChange", body: { desk: "lou", name: "Lou", roles: ["producer", "host"] } });

    await view.getByRole("button", { name: "Revoke Lou" }).click();
    const again = view.getByRole("button", { name: "Press again to revoke Lou" });
    await expect(again).toBeEnabled();
    expect(asked.map(({ op }) => op)).not.toContain("deskRevoke");
    await again.click();
    await expect.poll(() => asked.at(-1)).toMatchObject({ op: "deskRevoke", body: { desk: "lou" } });

    await page.route("**/api/op/keyAdd", async (route) => {
      const body = route.request().postDataJSON() as Record<string, unknown>;
      asked.push({ op: "keyAdd", body, studio: "" });
      keys.push({ ...body, id: "k1", used: 5, revoked: 0 });
      await route.fulfill({ json: { id: "k1", text: "ABCDEFGHIJKLMNOPQRSTUVWXYZ" } });
    });
    await view.getByRole("button", { name: "Many PCs by a roll-out key" }).click();
    await expect(view.getByLabel(/^For how many PCs/)).toHaveValue("12");
    await view.getByRole("button", { name: "Make the key, and show it" }).click();
    await expect(view.getByText("ABCDEFGHIJKLMNOPQRSTUVWXYZ")).toBeVisible();
    const made = asked.find(({ op }) => op === "keyAdd");
    expect(made?.body).toMatchObject({ roles: ["producer"], studios: [""], pcs: 12 });
    const days = (Number(made?.body.until) - Date.now()) / 86_400_000;
    expect(days, "good for seven days and the rest of today").toBeGreaterThan(6.9);
    expect(days).toBeLessThan(8.1);
    await expect(view.getByRole("list", { name: "Roll-out keys" })).toContainText(
      "7 of 12 places left, until",
    );
    await view.getByRole("button", { name: "Revoke the key k1" }).click();
    await view.getByRole("button", { name: "Press again to revoke the key k1" }).click();
    await expect.poll(() => asked.at(-1)).toMatchObject({ op: "keyRevoke", body: { key: "k1" } });

    const result = await new AxeBuilder({ page }).analyze();
    expect(result.violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.html).join("\n")}`)).toEqual([]);
  },
);
