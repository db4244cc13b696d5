import { kept } from "./kept.svelte";

export type Theme = "system" | "dark" | "light";

/** What a person chose; system follows the computer's own setting. A studio is dark. */
export const theme = kept<Theme>("callin.theme", "dark");

const light = matchMedia("(prefers-color-scheme: light)");

export function applyTheme() {
  const shown = theme.value === "system" ? (light.matches ? "light" : "dark") : theme.value;
  document.documentElement.dataset.theme = shown;
}

light.addEventListener("change", applyTheme);
