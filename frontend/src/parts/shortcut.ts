/** The value of aria-keyshortcuts for what a key cap says; none for an empty one. */
export const shortcut = (cap: string | undefined): string | undefined =>
  cap
    ?.replace(/\+$/, "Plus")
    .replace("Ctrl ", "Control+")
    .replace("Alt ", "Alt+")
    .replace("⇧", "Shift+")
    .replace("↑", "ArrowUp")
    .replace("↓", "ArrowDown")
    .replace("←", "ArrowLeft")
    .replace("→", "ArrowRight")
    .replace("Esc", "Escape") || undefined;
