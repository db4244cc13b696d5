import { expect, test } from "vitest";
import { Judge, type Look } from "./sound";

/** Looks every 400 ms while all is well until `from`, in ms; then as `wrong` says. When trouble was first said. */
function firstSaid(wrong: (look: Look, since: number) => void, from = 5_000) {
  const judge = new Judge();
  for (let at = 0; at < from + 10_000; at += 400) {
    const packets = at / 20;
    const look: Look = {
      at,
      packetsReceived: packets,
      packetsSent: packets,
      ended: false,
      muted: false,
      alive: true,
    };
    if (at >= from) wrong(look, from);
    judge.look(look);
    if (judge.trouble) return { trouble: judge.trouble, after: at - from, flows: judge.flows };
  }
  return undefined;
}

const stopped = (since: number) => since / 20;

test.each<[string, (look: Look, since: number) => void]>([
  [
    "unplugged",
    (l) => {
      l.ended = true;
      l.alive = false;
    },
  ],
  [
    "dead",
    (l) => {
      l.alive = false;
    },
  ],
  [
    "silentLine",
    (l, since) => {
      l.packetsReceived = stopped(since);
    },
  ],
  [
    "notSent",
    (l, since) => {
      l.packetsSent = stopped(since);
    },
  ],
])("%s is said within three seconds, and then nothing flows", (trouble, wrong) => {
  const said = firstSaid(wrong);
  expect(said).toMatchObject({ trouble, flows: false });
  expect(said?.after).toBeLessThan(2_600); // the page has to show it yet
});

test("a line that never gave a sound is said as one that lost it", () => {
  const said = firstSaid((l) => {
    l.packetsReceived = 0;
  }, 0);
  expect(said?.trouble).toBe("silentLine");
});

test("a muted microphone is not a dead one, nor one that nobody can judge", () => {
  expect(
    firstSaid((l) => {
      l.muted = true;
      l.alive = false;
    }),
  ).toBeUndefined();
  expect(
    firstSaid((l) => {
      l.alive = undefined;
    }),
  ).toBeUndefined();
});

test("a microphone that is changed for another is not called unplugged", () => {
  const said = firstSaid((l, since) => {
    l.ended = l.at - since < 400;
  });
  expect(said).toBeUndefined();
});

test("sound flows when packets have gone both ways, and again after a trouble", () => {
  const judge = new Judge();
  const look = (at: number, received: number, sent: number) => {
    judge.look({
      at,
      packetsReceived: received,
      packetsSent: sent,
      ended: false,
      muted: false,
      alive: true,
    });
    return judge.flows;
  };
  expect([look(0, 0, 0), look(400, 0, 20), look(800, 20, 40)]).toEqual([false, false, true]);
  expect([look(3_200, 20, 160), look(3_600, 40, 180)]).toEqual([false, true]);
});
