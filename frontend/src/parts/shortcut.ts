/** The value of aria-keyshortcuts for what a key cap says. */
export const shortcut = (cap: string): string =>
  cap
    .replace("⇧", "Shift+")
    .replace("Alt ", "Alt+")
    .replace("↑", "ArrowUp")
    .replace("↓", "ArrowDown")
    .replace("Esc", "Escape");
