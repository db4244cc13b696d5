/**
 * How much room the page has, in letters rather than in pixels: whoever zooms has
 * fewer of them and must see the same page with larger text. Media queries know
 * pixels only, so the classes that the styles ask for are set here.
 */

/** Below so many rem: not the whole desk on one screen; no three columns; no two. */
const widths = { small: 56.25, narrow: 43.75, slim: 31.25 };
/** Below so many rem of height the desk is not on one screen either. */
const lowest = 31.25;
/** Window frames make the window a little wider than the page; the least zoom is 1.1. */
const frames = 1.06;

export function followRoom() {
  addEventListener("resize", measure);
  measure();
}

/** Makes the whole page so many times as large, where no browser does. */
export function scale(times: number) {
  document.documentElement.style.setProperty("--scale", String(times));
  measure();
}

function measure() {
  const root = document.documentElement;
  // A page that is zoomed in has fewer pixels than its window, and type that grows
  // with the pixels alone would shrink again what was zoomed.
  // A sidebar of the browser's makes the page smaller in one direction only.
  const zoom = Math.min(outerWidth / innerWidth, outerHeight / innerHeight);
  root.style.setProperty("--zoom", String(zoom > frames && Number.isFinite(zoom) ? zoom : 1));
  // Measured with the type of a small page, so that what is asked does not change the answer.
  root.classList.add("small");
  const rem = Number.parseFloat(getComputedStyle(root).fontSize);
  root.classList.toggle("small", innerWidth < widths.small * rem || innerHeight < lowest * rem);
  root.classList.toggle("narrow", innerWidth < widths.narrow * rem);
  root.classList.toggle("slim", innerWidth < widths.slim * rem);
}
