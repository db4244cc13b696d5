import AxeBuilder from "@axe-core/playwright";
import { expect, test } from "./kit/test";

for (const theme of ["dark", "light"] as const) {
  test(`the desk has no accessibility fault that a program can find, ${theme}`, async ({ desk, house }) => {
    await desk.page.emulateMedia({ reducedMotion: "reduce" });
    if (theme === "light") await desk.button(/^Theme: dark/).click();
    await expect(desk.page.locator("html")).toHaveAttribute("data-theme", theme);
    const ana = await house.ring();
    const ben = await house.ring();
    const cleo = await house.ring();
    await desk.is(cleo, "ready");
    await desk.next();
    await desk.is(ana, "on air");
    await desk.press(ben, "On deck");
    await desk.is(ben, "on deck");

    const result = await new AxeBuilder({ page: desk.page }).analyze();
    expect(result.violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.html).join("\n")}`)).toEqual([]);
  });
}
