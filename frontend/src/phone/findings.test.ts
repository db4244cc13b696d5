import { expect, test } from "vitest";
import { judge, type LaneFinding, type Trials } from "./findings";

const [loud, quiet] = [0, -120];

/** What is heard where each lane plays into a channel, and hears the N-1 of one; undefined for no such device. */
function console(channels: (number | undefined)[], returns: (number | undefined)[]): Trials {
  return {
    lanes: channels.map((channel) =>
      channel === undefined
        ? undefined
        : {
            returns: returns.map((of) =>
              of !== undefined ? { level: of === channel ? quiet : loud } : undefined,
            ),
          },
    ),
    dead: [],
    known: [],
  };
}

const fine: LaneFinding = { is: "fine" };
const silence = 99;

test.each<[what: string, trials: Trials, found: LaneFinding[]]>([
  ["two right lanes", console([0, 1], [0, 1]), [fine, fine]],
  ["six right lanes", console([0, 1, 2, 3, 4, 5], [0, 1, 2, 3, 4, 5]), Array(6).fill(fine)],
  [
    "two returns crossed",
    console([0, 1], [1, 0]),
    [
      { is: "crossed", with: 1 },
      { is: "crossed", with: 0 },
    ],
  ],
  [
    "two outputs of three crossed",
    console([0, 2, 1], [0, 1, 2]),
    [fine, { is: "crossed", with: 2 }, { is: "crossed", with: 1 }],
  ],
  ["two outputs in one channel", console([0, 0, 2], [0, 1, 2]), [fine, { is: "shared", with: 0 }, fine]],
  [
    "one return given to two lanes",
    console([0, 1, 2], [0, 0, 2]),
    [{ is: "unheard", by: [1] }, { is: "another's", whose: 0 }, fine],
  ],
  [
    "a return that is no N-1",
    console([0, 1], [silence, 1]),
    [{ is: "echo", weaker: 0, later: undefined }, fine],
  ],
  ["an output that is gone", console([undefined, 1, 2], [0, 1, 2]), [{ is: "gone" }, fine, fine]],
  ["the only lane with a return", console([0, 1], [0, undefined]), [{ is: "played" }, { is: "played" }]],
])("%s", (_, trials, found) => {
  expect(judge(trials)).toEqual(found);
});

test("an output that reaches no channel is silent", () => {
  const trials = console([0, 1, 2], [0, 1, 2]);
  trials.lanes[1] = { returns: [0, 1, 2].map(() => ({ level: quiet })) };
  expect(judge(trials)).toEqual([fine, { is: "silent" }, fine]);
});

test("a return that hears nobody is deaf, and hurts no other lane; dead, it is said so of two as well", () => {
  const trials = console([0, 1, 2], [0, 1, 2]);
  for (const trial of trials.lanes) if (trial) trial.returns[1] = { level: quiet };
  expect(judge(trials)).toEqual([fine, { is: "deaf", dead: false }, fine]);
  const two = console([0, 1], [0, 1]);
  for (const trial of two.lanes) if (trial) trial.returns[1] = { level: quiet };
  expect(judge({ ...two, dead: [1] })).toEqual([{ is: "played" }, { is: "deaf", dead: true }]);
});

test("an echo is told by how much weaker it is than what the others hear", () => {
  const trials = console([0, 1], [0, 1]);
  trials.lanes[0] = {
    returns: [
      { level: -32, later: 180 },
      { level: -12, later: 0 },
    ],
  };
  expect(judge(trials)).toEqual([{ is: "echo", weaker: 20, later: 180 }, fine]);
});

test("what is known by name is said, and judges no other lane", () => {
  const known: LaneFinding = { is: "shared", with: 0 };
  const trials = console([0, undefined], [0, 1]);
  expect(judge({ ...trials, known: [undefined, known] })).toEqual([fine, known]);
  expect(judge({ ...console([0, undefined], [0, undefined]), known: [undefined, known] })).toEqual([
    { is: "played" },
    known,
  ]);
});

test("without a return of its own the microphone is what may hear a lane", () => {
  const trial = (level: number) => ({ returns: [undefined], microphone: { level } });
  expect(judge({ lanes: [trial(quiet)], dead: [], known: [] })).toEqual([{ is: "played" }]);
  expect(judge({ lanes: [trial(-30)], dead: [], known: [] })).toEqual([
    { is: "loud", weaker: 30, later: undefined },
  ]);
  expect(judge({ lanes: [trial(quiet)], dead: [1], known: [] })).toEqual([{ is: "mute" }]);
});
