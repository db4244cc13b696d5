/** One tab stop a list: the arrow keys go on from there. */

const buttons = (row: Element): HTMLElement[] =>
  [...row.querySelectorAll<HTMLElement>("button")].filter((b) => !b.closest("form"));

/**
 * Leaves one button of a list to the Tab key: the one that has the focus, else the first one of the selected
 * row or of the first one. Forms in it stay as they are.
 */
export function oneStop(list: HTMLElement) {
  const settle = () => {
    const rows = [...list.querySelectorAll("li")];
    const at = document.activeElement;
    const row =
      rows.find((r) => r.contains(at)) ??
      rows.find((r) => r.matches(".selected, :has(.selected)")) ??
      rows.find((r) => buttons(r).length);
    const own = row ? buttons(row) : [];
    const stop = own.find((b) => b === at) ?? own[0];
    for (const button of buttons(list)) {
      const tabIndex = button === stop ? 0 : -1;
      if (button.getAttribute("tabindex") !== `${tabIndex}`) button.tabIndex = tabIndex;
    }
  };
  const watch = new MutationObserver(settle);
  watch.observe(list, { childList: true, subtree: true, attributes: true, attributeFilter: ["class"] });
  list.addEventListener("focusin", settle);
  list.addEventListener("focusout", settle);
  settle();
  return () => {
    watch.disconnect();
    list.removeEventListener("focusin", settle);
    list.removeEventListener("focusout", settle);
  };
}

/** The focus goes to the button before or after it in its row; to the first one if it is elsewhere. */
export function stepInRow(row: Element, by: -1 | 1) {
  const all = buttons(row);
  const at = all.indexOf(document.activeElement as HTMLElement);
  all[at < 0 ? 0 : Math.max(0, Math.min(at + by, all.length - 1))]?.focus();
}

/** One tab stop, and arrow keys of its own: for a list whose rows nothing else selects. */
export function ownArrows(list: HTMLElement) {
  const step = (event: KeyboardEvent) => {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const rows = [...list.querySelectorAll("li")];
    const at = rows.findIndex((r) => r.contains(document.activeElement));
    const row = rows[at];
    const by = /Up|Left/.test(event.key) ? -1 : 1;
    if (!row || !event.key.startsWith("Arrow")) return;
    event.preventDefault();
    event.stopPropagation(); // the desk's arrows select callers
    if (event.key === "ArrowLeft" || event.key === "ArrowRight") return stepInRow(row, by);
    const other = rows[Math.max(0, Math.min(at + by, rows.length - 1))];
    if (other) buttons(other)[0]?.focus();
  };
  list.addEventListener("keydown", step);
  const end = oneStop(list);
  return () => {
    list.removeEventListener("keydown", step);
    end();
  };
}
