import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig } from "vitest/config";

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig({
  plugins: [
    svelte(),
    {
      // The Go program embeds dist, so a clean clone needs the folder to exist.
      name: "keep-dist",
      closeBundle: () => writeFileSync(at("dist/.gitkeep"), ""),
    },
    {
      // Whose packages are in the page, for the licences that are shipped with it.
      name: "name-packages",
      generateBundle(_, bundle) {
        const folders = Object.values(bundle)
          .flatMap((file) => (file.type === "chunk" ? Object.keys(file.modules) : []))
          .map((path) =>
            path
              .match(/^.*node_modules\/(?:@[^/]+\/)?[^/]+/)?.[0]
              .replace(/^.*?node_modules/, "node_modules"),
          )
          .filter((folder) => folder !== undefined);
        writeFileSync(at("node_modules/.callin-shipped"), `${[...new Set(folders)].sort().join("\n")}\n`);
      },
    },
  ],
  resolve: {
    alias: {
      // The package exports its front door only; the rehearsal's signalling
      // extends the classes behind it (src/phone/signal.ts).
      "voice-sdk": at("node_modules/@twilio/voice-sdk/esm/twilio"),
    },
    // Svelte's client build, also for tests.
    conditions: ["browser", "module", "import", "default"],
  },
  build: {
    outDir: "dist",
    emptyOutDir: true,
    target: ["chrome111", "firefox115", "safari16.4"],
    // The page's Content-Security-Policy allows files of its own, not data
    // addresses, for what is fetched.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 700,
  },
  test: {
    environment: "node", // what needs a page says so in its first line: a page takes longer than most tests
    pool: "threads",
    isolate: false, // see vitest.setup.ts
    include: ["src/**/*.test.ts"],
    restoreMocks: true,
    testTimeout: 60_000, // sound is computed in some: on a busy machine that took more than vitest's 5 s
    setupFiles: ["vitest.setup.ts"],
  },
});
