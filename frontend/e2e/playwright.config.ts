import { fileURLToPath } from "node:url";
import { defineConfig } from "@playwright/test";
import { headless } from "./kit/chromium";
import { microphone } from "./kit/microphone";

/** The last of these lists counts, so Playwright's own is said again, as far as it matters here. */
const unneeded = [
  ...[
    "AvoidUnnecessaryBeforeUnloadCheckSync",
    "DestroyProfileOnBrowserClose",
    "HttpsUpgrades",
    "PaintHolding",
  ],
  ...[
    "HttpsFirstBalancedModeAutoEnable",
    "ThirdPartyStoragePartitioning",
    "MediaRouter",
    "OptimizationHints",
  ],
  ...[
    "AvoidCorsURLLoaderRestartOnRedirect",
    "NetworkTimeServiceQuerying",
    "PreconnectToSearch",
    "AimEnabled",
  ],
  // Chromium opens two pages of its own beside each of ours, and keeps a process ready for one more.
  ...["WebUIOmniboxPopup", "WebUIOmniboxAimPopup", "SpareRendererForSitePerProcess"],
];

/** These begin: one that takes a minute by itself and came last would be waited for by two workers. */
const first = [
  ...["station-walk", "desks", "heard", "costs", "lanes", "sheet", "setup-look", "setup-walk"],
  ...["updates", "hand", "doctor"],
].map((name) => `${name}.spec.ts`);

const withDevices = Boolean(process.env.CALLIN_DEVICES);

// Three workers, also on two processors: each test has two processes, a browser and live audio, and waits in real
// time for what is heard. A fourth one would have nothing left of two processors but make the others wait.
export default defineConfig({
  testDir: ".",
  testIgnore: "wine/**", // it has a configuration of its own
  outputDir: "../test-results",
  workers: withDevices ? 1 : 3,
  projects: [
    { name: "first", testMatch: first },
    { name: "rest", testIgnore: ["wine/**", ...first] },
  ],
  fullyParallel: true,
  grep: withDevices ? /@devices/ : /.*/,
  grepInvert: [...(withDevices ? [] : [/@devices/]), ...(process.env.CALLIN_LONG ? [] : [/@long/])],
  // Long, as a busy machine takes it: what has to be quick says so where it is tested.
  timeout: 180_000,
  expect: { timeout: 30_000 },
  forbidOnly: true,
  reporter: [["list"]],
  globalSetup: fileURLToPath(new URL("./kit/setup.ts", import.meta.url)),
  use: {
    viewport: { width: 1280, height: 720 },
    screenshot: "only-on-failure",
    // It takes a fifth of the processor: --trace on has it for a test that is looked into.
    trace: "off",
    permissions: ["microphone"],
    // Meters that move fast take a twelfth of the processor that these tests take: without a graphics card it draws them.
    contextOptions: { reducedMotion: "reduce" },
    launchOptions: {
      executablePath: headless,
      args: [
        "--no-sandbox",
        "--use-fake-ui-for-media-stream",
        "--use-fake-device-for-media-stream",
        `--use-file-for-fake-audio-capture=${microphone.file}`,
        "--autoplay-policy=no-user-gesture-required",
        // Without a network Chromium offers no address but with this.
        "--allow-loopback-in-peer-connection",
        "--disable-quic",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--no-first-run",
        `--disable-features=${unneeded.join(",")}`,
      ],
    },
  },
});
