import { vi } from "vitest";

// Test files share a worker and its page, as making these for each took half of the processor: each file imports
// anew, and finds nothing kept or shown by another.
vi.resetModules();
if (typeof document === "object") {
  localStorage.clear();
  sessionStorage.clear();
  document.body.replaceChildren();
}
