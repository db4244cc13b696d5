import { expect, test } from "vitest";
import { type Output, OutputJudge, outputWords } from "./output";

const headset: Output = { id: "h", label: "Headset (USB)", group: "gh" };
const speakers: Output = { id: "s", label: "Speakers", group: "gs" };

/** The outputs, the first of which is the computer's choice, as Chrome names it. */
const named = (...all: Output[]): Output[] =>
  all[0] ? [{ id: "default", label: `Default - ${all[0].label}`, group: "" }, ...all] : [];
/** As a browser that tells the choice by its group only. */
const grouped = (...all: Output[]): Output[] =>
  all[0] ? [{ id: "default", label: "Default", group: all[0].group }, ...all] : [];

test.each([
  ["name", named],
  ["group", grouped],
])("what is heard through is told by its %s; it is missed until it is used again", (_, list) => {
  const judge = new OutputJudge();
  const after = (...all: Output[]) => {
    judge.look(list(...all));
    return judge.trouble;
  };
  expect(after(headset, speakers)).toBeUndefined();
  expect(after(speakers)).toEqual({ kind: "gone", was: "Headset (USB)", now: "Speakers" });
  expect(after()).toEqual({ kind: "nothing", was: "Headset (USB)" });
  expect(after(speakers, headset)).toEqual({ kind: "moved", was: "Headset (USB)", now: "Speakers" });
  expect(after(headset, speakers)).toBeUndefined();
  expect(after(headset)).toBeUndefined(); // nobody listened through the speakers
  after(speakers);
  judge.accept();
  expect(judge.trouble).toBeUndefined();
  expect(after(speakers)).toBeUndefined();
  expect(after(headset, speakers)).toEqual({ kind: "moved", was: "Speakers", now: "Headset (USB)" });
});

test("where the browser does not say what is used, any output that goes is named until it is back", () => {
  const judge = new OutputJudge();
  judge.look([headset, speakers]);
  expect(judge.trouble).toBeUndefined();
  for (let n = 0; n < 2; n++) {
    judge.look([speakers]);
    expect(judge.trouble).toEqual({ kind: "perhaps", was: "Headset (USB)" });
  }
  judge.look([]);
  expect(judge.trouble?.kind).toBe("nothing");
  judge.look([headset, speakers]);
  expect(judge.trouble).toBeUndefined();
});

test("a browser that lists no outputs is not said to have lost one", () => {
  const judge = new OutputJudge();
  judge.look([]);
  judge.look([]);
  expect(judge.trouble).toBeUndefined();
});

test("the words say what is heard through now, and the way back", () => {
  expect(outputWords({ kind: "gone", was: "Headset (USB)", now: "Speakers" })).toBe(
    "Your sound output is gone: Headset (USB). You hear through Speakers now. Plug it in again, or choose another one in this computer's settings, or keep this one.",
  );
});
