import { longDevices } from "./kit/long";
import { test } from "./kit/soundcard";
import { expect } from "./kit/test";

test.use({
  settings: { CALLIN_WAIT_SECONDS: "60", CALLIN_SHOW: "Late", CALLIN_LANES: "2" },
  devices: {
    outputs: ["Headphones", "Console"],
    inputs: [
      ["Microphone", 1000, 70], // nearly silent
      ["N-1", 1000, 70],
    ],
  },
});

/** It is found, and found to be over, after seconds of speech; on a busy machine sound breaks up, and it takes more of them. */
const found = { timeout: 60_000 };

test(
  "a caller whom the console sends back to themselves is told of",
  longDevices,
  async ({ house, desk, card, choose }) => {
    const ana = await house.ring({ tone: undefined });
    await desk.is(ana, "ready");
    await desk.press(ana, "Take");
    await desk.is(ana, "on air");
    await choose(1, "Plays through", "Console");
    await choose(1, "Its caller hears", "N-1");
    card.wire("Console", "N-1");
    await expect(desk.card(ana).getByText("▲ Hears themselves")).toBeVisible(found);
    card.unwire("Console", "N-1");
    await expect(desk.card(ana).getByText("▲")).toHaveCount(0, found);
    await desk.is(ana, "on air");
  },
);
