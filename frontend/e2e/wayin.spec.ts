import { long } from "./kit/long";
import { test as base, dj, expect } from "./kit/test";
import { Tunnel } from "./kit/tunnel";

const test = base.extend<{ tunnel: Tunnel }>({
  // biome-ignore lint/correctness/noEmptyPattern: a fixture names what it needs by destructuring, and this one needs nothing
  tunnel: async ({}, use) => {
    const tunnel = await Tunnel.dig();
    await use(tunnel);
    await tunnel.fill();
  },
  settings: async ({ tunnel }, use) =>
    use({
      CALLIN_PARK_SECONDS: "3",
      CALLIN_WAIT_SECONDS: "60",
      CALLIN_SHOW: "Late",
      CALLIN_PUBLIC_URL: tunnel.url,
      CALLIN_VOICE_PORT: String(tunnel.to),
    }),
});

test(
  "the tunnel dies in a show: Next goes on, the desk says what is wrong, and all is well afterwards",
  long,
  async ({ desk, house, tunnel }) => {
    const ana = await house.ring();
    const ben = await house.ring();
    const cleo = await house.ring({ patience_seconds: 300 });
    await desk.is(cleo, "ready");
    await desk.next();
    await desk.is(ana, "on air");
    await Promise.all([desk.hears(ana), ana.hears(dj)]);

    tunnel.cut();
    const cut = Date.now();
    await ana.hearsNot(ben.hz); // what Twilio asked a moment ago no longer counts then
    await desk.next();
    await desk.is(ben, "on air");
    await Promise.all([desk.hears(ben), ben.hears(dj), ana.heard(/Thank you for calling Late/, cut)]);
    await desk.hearsNot(ana);
    await expect(desk.page.getByText(/Nobody answers at .*See that the tunnel or proxy runs/)).toBeVisible();

    tunnel.mend();
    await expect(desk.page.getByText(/Nobody answers at/)).toHaveCount(0);
    const dev = await house.ring();
    await desk.is(dev, "ready");
    await desk.press(dev, "Take");
    await Promise.all([desk.hears(dev), dev.hears(dj), dev.hears(ben.hz)]);
  },
);
