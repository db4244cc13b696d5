// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Refused, unanswered } from "../backend/backend";
import type { Operation, SetupState } from "../backend/contract";
import { settle } from "../parts/hand";
import { Setup } from "./setup.svelte";

const fresh: SetupState = {
  step: "account",
  numbers: [],
  pin: false,
  public: { forward: "http://127.0.0.1:8101", proxies: [], seen: false },
  place: { edge: "roaming", region: "us1", said: "by the edge that Twilio chooses" },
  will: [],
  connected: false,
  undoable: false,
  secrets: "the system's keyring",
  fixed: [],
};
const owner = { sid: "AC1", name: "Radio", says: [], trial: false };
const one = { number: "+12025550100", now: "nowhere", used: false };

/** A set-up, what it asks for, and what it is answered: a state, or a refusal. */
function made(answers: Partial<Record<Operation, Partial<SetupState> | Refused>> = {}) {
  const asked: { op: Operation; body: unknown }[] = [];
  let state = fresh;
  const setup = new Setup(
    async (op, body) => {
      asked.push({ op, body: structuredClone(body) });
      await new Promise((done) => setTimeout(done, 50));
      const answer = answers[op];
      if (answer instanceof Refused) throw answer;
      state = { ...state, ...answer };
      return state as never;
    },
    () => 1_000,
  );
  const ops = () => asked.map(({ op }) => op);
  return { setup, asked, ops, answers };
}

/** Waits as a person does between two presses. */
const later = () => vi.advanceTimersByTimeAsync(settle);

beforeEach(() => {
  vi.useFakeTimers();
  sessionStorage.clear();
});
afterEach(() => vi.useRealTimers());

async function opened(answers: Parameters<typeof made>[0] = {}) {
  const all = made(answers);
  void all.setup.open();
  await later();
  return all;
}

test("it opens where it was left, and goes on to no page that is for later", async () => {
  const { setup } = await opened({ setup: { step: "dialIn", account: owner } });
  expect(setup.page).toBe("dialIn");
  setup.go("change");
  expect(setup.page).toBe("dialIn");
  setup.go("account");
  void setup.open();
  await later();
  expect(setup.page).toBe("account");
});

test("a station that runs on its account opens with how it stands", async () => {
  const { setup } = await opened({ setup: { step: "try", connected: true } });
  expect(setup.page).toBe("all");
});

test("a doubled press asks once, and what is under way is said after a while", async () => {
  const { setup, ops } = await opened({ setupNumber: { step: "dialIn", number: one.number } });
  setup.page = "number";
  setup.typed.number = one.number;
  void setup.number();
  void setup.number();
  expect(setup.doing).toBe("setupNumber");
  expect(setup.slow).toBe(false);
  await vi.advanceTimersByTimeAsync(60);
  expect(setup.page).toBe("dialIn");
  void setup.withoutDialIn(); // the second half of a double press, on the page that came meanwhile
  await later();
  expect(ops()).toEqual(["setup", "setupNumber"]);

  const never = new Setup(
    () => new Promise(() => {}),
    () => 0,
  );
  void never.open();
  await vi.advanceTimersByTimeAsync(299);
  expect(never.slow).toBe(false);
  await vi.advanceTimersByTimeAsync(1);
  expect(never.slow).toBe(true);
});

test("no secret stays in it, and another account forgets the numbers of the one before", async () => {
  const { setup, asked } = await opened({
    setupAccount: { step: "number", account: owner, numbers: [one] },
    setupDialIn: { step: "address", dialIn: one.number, pin: true },
  });
  setup.typed.sid = " AC1 ";
  await vi.advanceTimersByTimeAsync(0);
  void setup.account(" a-secret ");
  await later();
  expect(asked.at(-1)?.body).toEqual({ sid: "AC1", token: "a-secret" });
  expect(setup.typed.number).toBe(one.number);
  setup.typed.dialIn = one.number;
  void setup.dialIn("4711");
  await later();
  expect(JSON.stringify([setup.typed, setup.state, { ...sessionStorage }])).not.toMatch(/a-secret|4711/);

  const { setup: other } = await opened({ setupAccount: { account: { ...owner, sid: "AC2" }, numbers: [] } });
  other.typed.sid = "AC2";
  other.typed.number = one.number;
  void other.account("b");
  await later();
  expect(other.typed.number).toBe("");
});

test("what is missing is said at its field, and nothing is asked", async () => {
  const { setup, ops } = await opened();
  await setup.account("");
  expect(setup.refusal).toMatchObject({ op: "setupAccount", field: "sid" });
  setup.typed.dialIn = one.number;
  await setup.dialIn("12");
  expect(setup.refusal).toMatchObject({ op: "setupDialIn", field: "pin" });
  await setup.dialIn("");
  expect(setup.refusal).toMatchObject({ op: "setupDialIn", field: "pin" });
  expect(ops()).toEqual(["setup"]);
});

test("a plan that has changed is shown anew, and agreed to by a press of its own", async () => {
  const will = [{ what: "The number", fields: [] }];
  const { setup, asked, answers, ops } = await opened({ setup: { step: "change", mark: "m1", will } });
  answers.setup = { mark: "m2", will: [...will, { what: "The app", fields: [] }] };
  answers.setupDo = new Refused({ code: "setup", message: "It has changed." });
  void setup.change(false);
  await later();
  expect(setup.refusal?.words).toBe("It has changed.");
  expect(setup.state?.will).toHaveLength(2);
  expect(ops()).toEqual(["setup", "setupDo", "setup"]);
  answers.setupDo = { step: "try", connected: true };
  void setup.change(true);
  await later();
  expect(asked.at(-1)?.body).toEqual({ mark: "m2", over: true });
  expect(setup.page).toBe("try");
});

test("where Callin has not answered, what was done is looked for before it is pressed again", async () => {
  const { setup, answers, ops } = await opened({ setup: { step: "number", account: owner } });
  setup.offers = [{ number: one.number, price: "1.15", currency: "USD" }];
  setup.typed.offer = one.number;
  answers.setupBuy = new Refused(unanswered);
  answers.setup = { step: "dialIn", number: one.number, numbers: [one] };
  void setup.buy(false);
  await later();
  expect(ops()).toEqual(["setup", "setupBuy", "setup"]);
  expect(setup.state?.number).toBe(one.number);
  expect(setup.refusal?.words).toBe(unanswered.message);
});

const live = { live: true, rehearsal: true };

test("a station that begins again is waited for: until it was away and is back", async () => {
  const { setup, answers, ops } = await opened({ setup: { step: "change", mark: "m1" } });
  answers.setupDo = { step: "try", connected: true, again: true };
  void setup.change(false);
  await later();
  expect(setup.again.value).toBe("setupDo");
  answers.setup = { again: false };
  void setup.saw(live); // it has not gone yet
  void setup.saw({ ...live, live: false });
  expect(setup.again.value).toBe("setupDo");
  await vi.advanceTimersByTimeAsync(45_000);
  expect(setup.tooLong).toBe(true);
  void setup.saw({ live: true, rehearsal: false });
  await later();
  expect(setup.again.value).toBe("");
  expect(setup.page).toBe("try");
  expect(ops().at(-1)).toBe("setup");
});

test("a page that the station took along when it began again goes on where it was", async () => {
  sessionStorage.setItem("callin.setupAgain", JSON.stringify("setupDo"));
  const { setup } = made({ setup: { step: "try", connected: true } });
  void setup.saw({ live: true, rehearsal: false });
  await later();
  expect(setup.again.value).toBe("");
  expect(setup.page).toBe("try");
});

test("what an undo has left stays to be read when the station is a rehearsal again", async () => {
  const { setup, answers } = await opened({ setup: { step: "try", connected: true, undoable: true } });
  answers.setupUndo = {
    connected: false,
    undoable: false,
    again: true,
    left: ["The number stays as it is."],
  };
  void setup.undo();
  await later();
  answers.setup = { step: "change", again: false, left: [] };
  void setup.saw(live);
  await later();
  expect(setup.page).toBe("all");
  expect(setup.left).toEqual(["The number stays as it is."]);

  // The phone loads the page again, for whom it may connect to now.
  const reloaded = made({ setup: { step: "change" } }).setup;
  void reloaded.open();
  await later();
  expect(reloaded.page).toBe("all");
  expect(reloaded.left).toEqual(["The number stays as it is."]);
  reloaded.leave();
  const next = made({ setup: { step: "change" } }).setup;
  void next.open();
  await later();
  expect(next.page).toBe("change");
  expect(next.left).toBeUndefined();
});

test("a page beside asks a station that is back until it answers", async () => {
  const { setup, answers } = await opened({ setup: { step: "change" } });
  void setup.saw({ live: false, rehearsal: true });
  answers.setup = new Refused({ code: "unanswered", message: "Callin does not answer." });
  void setup.saw({ live: true, rehearsal: true });
  await later();
  answers.setup = { step: "try", connected: true };
  await vi.advanceTimersByTimeAsync(3_000);
  expect(setup.state?.step).toBe("try");
  expect(setup.refusal).toBeUndefined();
});

test("another key is made by one press, and the page stays where it is", async () => {
  const { setup, answers, asked } = await opened({ setup: { step: "try", connected: true, undoable: true } });
  setup.page = "all";
  answers.setupKey = { step: "try", connected: true, undoable: true, again: true };
  void setup.newKey();
  await later();
  expect(asked.at(-1)?.op).toBe("setupKey");
  expect(setup.done).toContain("with another key, and the one before is revoked");
  expect(setup.begins).toBe(false);
  expect(setup.page).toBe("all");
});

test("a number is sent as digits, however it is typed", async () => {
  const { setup, asked } = await opened({ setup: { step: "try", connected: true } });
  setup.typed.telephone = "0044 (20) 7946-0958";
  void setup.call();
  await later();
  expect(asked.at(-1)?.body).toEqual({ number: "+442079460958" });
});
