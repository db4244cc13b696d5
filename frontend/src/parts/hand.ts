/** One press is one deed: a tired hand's second click is not a second one. */

/** How long after a press another one at its place is still the same, in ms: doubled clicks come within 600. */
export const settle = 800;
/** Clicks apart by less than this, in px, are at one place. */
const reach = 40;

let last: { at: number; x: number; y: number; name: string } | undefined;

/**
 * Whether a click is a press of its own. It is not when something else was pressed at this place a
 * moment ago: that has gone, and what came in its stead was not meant. The keyboard's have no place.
 */
export function isOwnPress(event: MouseEvent, name: string): boolean {
  if (event.detail === 0) return true;
  const { clientX: x, clientY: y } = event;
  const at = performance.now();
  const before = last;
  last = { at, x, y, name };
  if (!before || at - before.at >= settle || Math.hypot(x - before.x, y - before.y) >= reach) return true;
  if (before.name === name) return true;
  last.name = before.name; // a flurry is one press
  return false;
}

/** A held key presses once. */
export function onHeldKey(event: KeyboardEvent) {
  if (event.repeat && (event.key === "Enter" || event.key === " ")) event.preventDefault();
}

/** A click leaves the focus where it was: the Space that starts a playout must not press the button again. */
export const keepFocus = (event: MouseEvent) => event.preventDefault();
