import { bindings, deed } from "./keys";
import { capOf, isStroke, partsOf, type Stroke } from "./stroke";

/** What a browser does not let a page have: it opens and closes windows and tabs, and ends the browser. */
export const isBrowsers = (stroke: Stroke): boolean =>
  /^Ctrl\+(Shift\+)?([ntwq]|F4|PageUp|PageDown)$|^Ctrl\+Shift\+p$|^Alt\+F4$|^F11$/.test(stroke);

/** Why a stroke can be no command's key, in words; undefined when it can. */
export function whyReserved(stroke: Stroke): string | undefined {
  const cap = capOf(stroke);
  const { held, key } = partsOf(stroke);
  if (/^(Tab|Enter|Escape| )$/.test(key))
    return `${key === " " ? "Space" : capOf(key)} works buttons, fields and dialogs and cannot be changed.`;
  if (key.startsWith("Arrow") && !/Ctrl|Alt/.test(held))
    return `${cap} goes through callers and buttons. With Alt or Ctrl it can be a key.`;
  if (/^[1-9]$/.test(key)) return "The digits 1 to 9 are callers and places in the queue.";
  if (isBrowsers(stroke)) return `Browsers keep ${cap} for themselves.`;
  const also = bindings.find((b) => b.also === stroke);
  if (also) return `${cap} always is ${deed(also)}.`;
  return isStroke(stroke) ? undefined : "That key cannot be used here.";
}
