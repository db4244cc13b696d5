// @vitest-environment happy-dom
import { beforeEach, expect, test } from "vitest";
import type { Backend } from "../backend/backend";
import type { Line, Studio } from "../backend/contract";
import { aCard, aDesk, aPicture, queued } from "../picture/made";
import { PictureStore } from "../picture/store.svelte";
import type { Desk } from "./desk.svelte";
import { DeskPhone } from "./deskphone.svelte";
import { Notices } from "./notices.svelte";
import { Screening } from "./screening.svelte";
import { Studios } from "./studios.svelte";

beforeEach(() => localStorage.clear());

/** A producer's desk of two studios, whose hosts have their phones on the line. */
function atDesk() {
  const store = new PictureStore(() => {});
  const picture = aPicture([
    aCard("A", { place: queued("screening") }),
    aCard("B", { place: queued("screening") }),
  ]);
  const [line] = picture.lines as [Line];
  const on = (name: string): Line => ({ ...line, name, phone: true, leg: `HOST-${name}` });
  const b = { ...picture.studio, id: "b", line: "studio-b" };
  const me = { ...aDesk("me", "producer"), studios: ["", "b"] };
  store.onPicture({
    ...picture,
    studios: [picture.studio, b],
    lines: [on("studio"), on("studio-b")],
    desks: [me],
    you: "me",
  });
  const never = () => new Promise(() => {});
  const backend = { operate: never, studio: "" } as unknown as Backend;
  const notices = new Notices();
  const deskPhone = new DeskPhone(backend, store, notices, () => {});
  deskPhone.phone.line = "own";
  const desk = { store, backend, notices, deskPhone, phone: deskPhone.phone } as unknown as Desk;
  let { seq } = picture;
  const change = (lines: Line[], studios: Studio[] = []) => {
    store.onChanges([{ seq: ++seq, lines, studios }]);
    deskPhone.onChange();
  };
  return { desk, store, deskPhone, on, change };
}

test("who talks to the host does so no more when the host's phone has left the line", () => {
  const { deskPhone, on, change } = atDesk();
  void deskPhone.talkToHost();
  change([on("studio-b")]);
  expect(deskPhone.talkback.state).toBe("calling");
  change([{ ...on("studio"), phone: false }]);
  expect(deskPhone.talkback.state).toBe("off");
});

test("who talks to the host of a studio does not to that of the next one", async () => {
  const { desk, deskPhone } = atDesk();
  void deskPhone.talkToHost();
  expect(deskPhone.talkback.state).toBe("calling");
  await new Studios(desk).choose("b");
  expect(desk.store.picture?.studio.id).toBe("b");
  expect(deskPhone.talkback.state).toBe("off");
});

test("where the studio has lanes the host is talked to by a phone of its own, as long as that and the lanes' are there", () => {
  const { store, deskPhone, on, change } = atDesk();
  const one = store.picture?.studio as Studio;
  change([], [{ ...one, lanes: ["studio", "lane2"], talkback: "talkback" }]);
  expect(deskPhone.whyNoTalkback).toMatch(/takes no talk now/);
  void deskPhone.talkToHost();
  expect(deskPhone.talkback.state).toBe("off");
  for (const gone of ["studio", "talkback"]) {
    change([on("studio"), on("talkback")]);
    void deskPhone.talkToHost();
    expect(deskPhone.talkback.state).toBe("calling");
    change([{ ...on(gone), phone: false }]);
    expect(deskPhone.talkback.state).toBe("off");
  }
  // The phone by which one is talked to has no microphone, and is on no air.
  change([
    { ...on("studio"), phone: false },
    { ...on("talkback"), desk: "me" },
  ]);
  expect(deskPhone.isLive).toBe(false);
  expect(deskPhone.airThere).toBe(undefined);
});

test("a desk's microphone is live while it talks to the host, or another page of it is on air unmuted", () => {
  const { store, deskPhone, on, change } = atDesk();
  expect(deskPhone.isLive).toBe(false); // whatever the hosts' are
  void deskPhone.talkToHost();
  expect(deskPhone.isLive).toBe(true);
  change([{ ...on("studio"), phone: false }]);
  expect(deskPhone.isLive).toBe(false);
  change([{ ...on("studio"), desk: "me" }]);
  expect(deskPhone.isLive).toBe(true);
  const muted = { call: "HOST-studio", line: "studio", muted: true, sound: "flows" as const };
  store.onChanges([{ seq: (store.picture?.seq ?? 0) + 1, microphones: [muted] }]);
  expect(deskPhone.isLive).toBe(false);
});

test("what is being chosen for one caller is not chosen for the next one who is shown", () => {
  const { desk } = atDesk();
  const screening = new Screening(desk);
  screening.opened = "A";
  screening.choosing = "give";
  expect(screening.choosing).toBe("give");
  screening.opened = "B";
  expect(screening.choosing).toBeUndefined();
  screening.opened = "A";
  expect(screening.choosing).toBe("give");
});
