import AxeBuilder from "@axe-core/playwright";
import { expect, test } from "./kit/test";

for (const colorScheme of ["dark", "light"] as const) {
  test(`the desk has no accessibility fault that a program can find, ${colorScheme}`, async ({
    desk,
    house,
  }) => {
    await desk.page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    const ana = await house.ring();
    const ben = await house.ring();
    const cleo = await house.ring();
    await desk.isIn(cleo, "Waiting");
    await desk.next();
    await desk.isIn(ana, "On air");
    await desk.press(ben, /deck/i);
    await desk.isIn(ben, "On deck");

    const result = await new AxeBuilder({ page: desk.page }).analyze();
    expect(result.violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.html).join("\n")}`)).toEqual([]);
  });
}
