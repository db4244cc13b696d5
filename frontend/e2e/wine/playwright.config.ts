import { defineConfig } from "@playwright/test";
import base from "../playwright.config";

// The Windows program in the wine of build/wine, its desk in a browser outside of it.
export default defineConfig({
  ...base,
  testDir: ".",
  testIgnore: [],
  outputDir: "../../test-results/wine",
});
