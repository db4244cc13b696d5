import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { type Backend, type FeedState, type Listener, Refused, unanswered } from "../backend/backend";
import { aCard, aPicture } from "../picture/made";
import { Desk } from "./desk.svelte";

/** A page over a feed that the test tells, at a Callin that answers nothing. */
function aPage() {
  let feed!: Listener;
  const backend = {
    studio: "",
    attach: (to: Listener) => {
      feed = to;
      return () => {};
    },
    operate: async () => {
      throw new Refused(unanswered);
    },
  } as unknown as Backend;
  const desk = new Desk(backend);
  desk.attach();
  return { desk, feed };
}

beforeEach(() => {
  sessionStorage.clear();
  vi.spyOn(location, "reload").mockImplementation(() => {});
});
afterEach(() => vi.restoreAllMocks());

test("whoever comes next in a tab finds nothing of what the desk before had not saved", () => {
  for (const state of ["no_session", "no_key", "ended"] satisfies FeedState[]) {
    const { desk, feed } = aPage();
    feed.onPicture(aPicture([aCard("A")]));
    feed.onState("live");
    desk.typing.of(aCard("A")).type("notes", "Retired captain");
    feed.onState("lost");
    expect(JSON.stringify(sessionStorage), state).toContain("captain");
    feed.onState(state);
    expect(JSON.stringify(sessionStorage), state).not.toContain("captain");
  }
});
