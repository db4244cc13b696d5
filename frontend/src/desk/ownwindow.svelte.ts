import type { WindowDoor } from "../backend/backend";
import { scale } from "../parts/room";
import { bindings } from "./keys";
import { cap } from "./keyset.svelte";

/** The sizes that the page can have in the window, in percent. */
const sizes = [75, 80, 90, 100, 110, 125, 150, 175, 200, 250];
const normal = 100;

/** Callin's own window around this page: its menu, its zoom, the full screen. */
export class OwnWindow {
  readonly #door: WindowDoor;
  #zoom = normal;

  constructor(door: WindowDoor) {
    this.#door = door;
  }

  /** Follows the menu, which shows the keys as they are set, and takes the zoom up that was kept. */
  follow(chosen: (command: string) => void): () => void {
    this.#door.zoom().then(
      (percent) => this.#show(percent),
      () => {},
    );
    const leave = this.#door.onMenu(chosen);
    const stop = $effect.root(() => {
      $effect(() => {
        const keys = Object.fromEntries(bindings.map(({ command }) => [command, cap(command)]));
        this.#door.menuKeys(keys).catch(() => {});
      });
    });
    return () => {
      stop();
      leave();
    };
  }

  /** Whether a press of a key is for the window, and was done. */
  onKey({ key, ctrlKey, altKey, metaKey, repeat }: KeyboardEvent): boolean {
    if (altKey || metaKey) return false;
    if (!ctrlKey) return key === "F11" && (repeat || this.onMenu("fullScreen"));
    if (key === "+" || key === "=") return this.onMenu("zoomIn");
    if (key === "-" || key === "_") return this.onMenu("zoomOut");
    return key === "0" && this.onMenu("zoomNormal");
  }

  /** Whether an item of the menu is for the window, and was done. */
  onMenu(command: string): boolean {
    switch (command) {
      case "fullScreen":
        this.#door.fullScreen().catch(() => {});
        return true;
      case "zoomIn":
        return this.#zoomTo(sizes.find((size) => size > this.#zoom));
      case "zoomOut":
        return this.#zoomTo(sizes.findLast((size) => size < this.#zoom));
      case "zoomNormal":
        return this.#zoomTo(normal);
    }
    return false;
  }

  #zoomTo(percent: number | undefined): true {
    if (percent !== undefined) {
      this.#show(percent);
      this.#door.keepZoom(percent).catch(() => {});
    }
    return true;
  }

  #show(percent: number) {
    this.#zoom = percent;
    scale(percent / normal);
  }

  copy = (text: string) => this.#door.copy(text);
  startsAtLogin = () => this.#door.startsAtLogin();
  startAtLogin = (on: boolean) => this.#door.startAtLogin(on);
}
