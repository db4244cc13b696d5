import { defineConfig } from "@playwright/test";
import base from "../playwright.config";

// The Windows program in the wine of build/wine, its desk in a browser outside of it.
export default defineConfig({
  ...base,
  testDir: ".",
  testIgnore: [],
  projects: undefined,
  workers: 1, // there is one Windows, which a test restarts
  outputDir: "../../test-results/wine",
});
