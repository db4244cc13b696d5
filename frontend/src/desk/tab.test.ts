// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { type Backend, type FeedState, type Listener, Refused, unanswered } from "../backend/backend";
import type { Line } from "../backend/contract";
import { aCard, aPicture, queued } from "../picture/made";
import { onKey } from "./command";
import { Desk } from "./desk.svelte";

/** The calls that the pages' phones have made, each with the line that it is to and whether it is muted. */
const calls: { line: string; muted: boolean }[] = [];

vi.mock("../phone/device", () => ({
  keptFor: 0,
  rtcConstraints: () => ({}),
  newDevice: () => ({
    on: () => {},
    destroy: () => {},
    connect: async ({ params }: { params: { line: string } }) => {
      const call = { line: params.line, muted: false };
      calls.push(call);
      return {
        parameters: { CallSid: `L${calls.length}` },
        on: (event: string, then: () => void) => event === "ringing" && then(),
        mute: (on: boolean) => {
          call.muted = on;
        },
        disconnect: () => {},
      };
    },
  }),
}));

/** A page over a feed that the test tells, at a Callin that gives out passes and answers nothing else. */
function aPage() {
  let feed!: Listener;
  const asked: string[] = [];
  const backend = {
    studio: "",
    attach: (to: Listener) => {
      feed = to;
      return () => {};
    },
    operate: async (op: string) => {
      asked.push(op);
      if (op === "token") return { lines: { air: "studio", own: "desk" } };
      throw new Refused(unanswered);
    },
  } as unknown as Backend;
  const desk = new Desk(backend);
  desk.attach();
  return { desk, feed, asked };
}

beforeEach(() => {
  sessionStorage.clear();
  sessionStorage.setItem("callin.hungUp", "true"); // no phone connects by itself
  calls.length = 0;
  vi.stubGlobal("RTCPeerConnection", class {});
  vi.stubGlobal("navigator", { ...navigator, mediaDevices: new EventTarget() });
  vi.spyOn(location, "reload").mockImplementation(() => {});
});
afterEach(() => void vi.unstubAllGlobals());

test("at a station's door the way in stays while the station does not answer, until this page is a desk", () => {
  const { desk, feed } = aPage();
  const shown = (["lost", "no_session", "lost", "live", "lost", "no_session"] as const).map((state) => {
    feed.onState(state);
    return desk.atDoor;
  });
  expect(shown).toEqual([false, true, true, true, true, true]);
  feed.onPicture(aPicture([]));
  feed.onState("lost");
  expect(desk.atDoor).toBe(false);
});

test("a PC that is paired on its page begins anew as a desk, and one that is not says why", () => {
  const words = { name: "https://192.168.1.20:8443", reached: false, ended: false, words: "oak river" };
  const { desk, feed } = aPage();
  for (const state of ["lost", "lost"] as const) feed.onState(state, words);
  expect(desk.station?.words).toBe("oak river");
  expect(location.reload).not.toHaveBeenCalled();
  feed.onState("live", { name: "Radio", reached: true, ended: false });
  expect(location.reload).toHaveBeenCalledOnce();
  const other = aPage();
  other.feed.onState("lost", words);
  other.feed.onState("ended", { name: words.name, reached: false, ended: true, why: "Not the same." });
  expect(other.desk.station?.words).toBeUndefined();
  expect(location.reload).toHaveBeenCalledOnce();
});

test("why a key did nothing is said until it is true no more, and can be read", () => {
  vi.useFakeTimers();
  const { desk, feed } = aPage();
  const first = aCard("Ana");
  feed.onPicture(aPicture([]));
  onKey(desk, new KeyboardEvent("keydown", { key: "F1" }));
  desk.notices.tell("A caller was not taken.", "refused");
  const said = () => desk.notices.list.map((n) => n.text);
  expect(said()).toEqual(["Nobody is waiting.", "A caller was not taken."]);
  feed.onPicture(aPicture([]));
  expect(said()).toHaveLength(2);
  const made = aPicture([first]);
  feed.onPicture({ ...made, studios: [{ ...made.studio, next: first.call }] });
  expect(said()).toHaveLength(2); // it can be read
  vi.advanceTimersByTime(3_000);
  expect(said()).toEqual(["A caller was not taken."]);
  vi.useRealTimers();
});

const [ana, ben] = [aCard("Ana"), aCard("Ben", { place: queued("screening") })];
const online = (name: string) => ({ place: { kind: "line" as const, name, state: "talking" as const } });

/** A picture of these cards, with phones on lines, each by its line. */
function withPhones(cards = [ana, ben], ...phones: (Partial<Line> & { name: string })[]) {
  const made = aPicture(cards);
  const [none] = made.lines as [Line];
  const on = phones.map((l) => ({ ...none, phone: true, leg: `other-${l.name}`, ...l }));
  return { ...made, lines: [...made.lines.filter((l) => !on.some((o) => o.name === l.name)), ...on] };
}

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

test("a page does not screen while another one has the desk's phone on air", async () => {
  const { desk, feed, asked } = aPage();
  feed.onPicture(withPhones([{ ...ana, ...online("studio") }, ben], { name: "studio" }));
  expect(desk.screening.whyNotAnswered(ben)).toContain("Ana is on air with you, and this desk has one phone");
  feed.onPicture(withPhones([ana, ben], { name: "studio" }));
  expect(desk.screening.whyNotAnswered(ben)).toContain("on air on another page, and this desk has one phone");
  await desk.screening.answer(ben);
  expect([calls, asked]).toEqual([[], []]);
  for (const others of [{ desk: "lou" }, { telephone: true }]) {
    feed.onPicture(withPhones([ana, ben], { name: "studio", ...others }));
    expect(desk.screening.whyNotAnswered(ben), JSON.stringify(others)).toBeUndefined();
  }
});

test("nor while that is on air in another studio; and it takes nobody to air in this one then", async () => {
  const { desk, feed } = aPage();
  const made = withPhones([ana, ben], { name: "studio-b" });
  const b = { ...made.studio, id: "b", name: "Studio B", line: "studio-b" };
  feed.onPicture({ ...made, studios: [...made.studios, b] });
  expect(desk.screening.whyNotAnswered(ben)).toContain("on air on another page");
  await desk.take(ana);
  expect(desk.notices.list.at(-1)?.text).toContain("on air in Studio B, on another page");
  expect(calls).toEqual([]);
});

test("a page goes to air with nobody while another one has the desk's phone with a caller off air", async () => {
  const { desk, feed } = aPage();
  feed.onPicture(withPhones());
  feed.onPicture(withPhones([ana, { ...ben, ...online("desk") }], { name: "desk" }));
  await desk.next();
  await desk.take(ana);
  expect(desk.notices.list.map((n) => n.text).join()).toContain("Ben is with you off air.");
  await desk.deskPhone.connectOrDisconnect(); // takes the phone, where it is
  await vi.waitFor(() => expect(calls.map((c) => c.line)).toEqual(["desk"]));
});

test("whichever page talks to the host, the desk's phone lets nobody else hear it", async () => {
  const { desk, feed } = aPage();
  const mine = { ...ben, ...online("desk") };
  const talks = { name: "studio", desk: "lou", talkback: [""] };
  feed.onPicture(withPhones([mine]));
  await desk.phone.connect("own");
  await vi.waitFor(() => expect(calls).toEqual([{ line: "desk", muted: false }]));
  const own = { name: "desk", leg: "L1" };
  feed.onPicture(withPhones([mine], { ...talks, talkback: ["lou"] }, own));
  expect(calls[0]?.muted).toBe(false);
  feed.onPicture(withPhones([mine], talks, own));
  expect(calls[0]?.muted).toBe(true);
  feed.onPicture(withPhones([mine], { ...talks, talkback: [] }, own));
  expect(calls[0]?.muted).toBe(false);
});

test("who has the desk's phone on another page talks to the host from there", async () => {
  const { desk, feed } = aPage();
  const here = { name: "studio", desk: "lou" };
  feed.onPicture(withPhones([ana], here));
  feed.onPicture(withPhones([{ ...ben, ...online("desk") }], here, { name: "desk" }));
  await desk.deskPhone.talkToHost();
  expect(desk.notices.list.at(-1)?.text).toContain("on another page: talk from there");
  expect(calls).toEqual([]);
});
