import type { Card, Sid } from "../backend/contract";
import type { PictureStore } from "../picture/store.svelte";
import { focusCard, type Selection } from "./selection.svelte";

/** Where the focus goes instead, if a change takes it away. */
type GiveBack = () => void;

/**
 * Gives the focus back that is lost when what has it is moved or taken out of the page. changes reads what
 * such changes follow from; held is asked before them.
 */
export function keepFocus(changes: () => unknown, held: (at: Element) => GiveBack | undefined) {
  let giveBack: GiveBack | undefined;
  $effect.pre(() => {
    changes();
    const at = document.activeElement;
    giveBack = at ? held(at) : undefined;
  });
  $effect(() => {
    changes();
    const { activeElement: at, body } = document;
    if (!at || at === body) giveBack?.();
    giveBack = undefined;
  });
}

/**
 * Keeps the focus and the selection with a caller, or lets them go on to the next one. rows are those
 * that are shown of who waits, which may follow later.
 */
export function followCallers(store: PictureStore, selection: Selection, rows: () => unknown) {
  let lists: Card[][] = [];
  const now = () => [store.air, store.ready, store.aside];
  const isIn = (list: Card[] | undefined, call: Sid) => list?.some((c) => c.call === call) === true;

  /** Who follows in the list that a caller was in, or is before them if nobody does. */
  function neighbour(call: Sid): Sid | undefined {
    const l = lists.findIndex((list) => isIn(list, call));
    const list = lists[l] ?? [];
    const at = list.findIndex((c) => c.call === call);
    return [...list.slice(at + 1), ...list.slice(0, at).reverse()].find((c) => isIn(now()[l], c.call))?.call;
  }

  /** Whose turn it is after a caller, if it is not still theirs: they have gone, or are made ready. */
  function next(call: Sid): Sid | undefined {
    const [, ready] = now();
    if (now().some((list) => isIn(list, call)) && !(isIn(lists[2], call) && isIn(ready, call)))
      return undefined;
    return neighbour(call);
  }

  keepFocus(
    () => [store.cards, rows()],
    (at) => {
      const call = at.closest("[data-call]")?.getAttribute("data-call");
      if (!call) return undefined;
      const other = next(call);
      return () => {
        if (other) {
          selection.goOn(other);
          focusCard(other);
        } else if (at.isConnected && at instanceof HTMLElement) at.focus();
        else if (now().some((list) => isIn(list, call))) focusCard(call);
        else focusNext();
      };
    },
  );
  $effect.pre(() => {
    const made = selection.call && isIn(lists[2], selection.call) && isIn(store.ready, selection.call);
    const other = made && selection.call && neighbour(selection.call);
    if (other) selection.goOn(other);
    lists = now();
  });
}

/** Nobody is left in the list: the desk's largest button is always there. */
const focusNext = () => document.querySelector<HTMLElement>("section.next-panel button")?.focus();
