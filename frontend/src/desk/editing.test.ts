import { expect, test, vi } from "vitest";
import { type Backend, Refused } from "../backend/backend";
import { aCard } from "../picture/made";
import { Editing } from "./editing.svelte";
import { Notices } from "./notices.svelte";

function begun(operate: (op: string, body: unknown) => Promise<unknown>) {
  const notices = new Notices();
  const backend = { operate } as unknown as Backend;
  const editing = new Editing(backend, notices);
  editing.begin(aCard("A", { name: "Ana", topic: "ferry" }));
  return { editing, notices };
}

test("only what was changed is sent, and it is saved only when Callin says so", async () => {
  let acknowledge: (result: unknown) => void = () => {};
  const operate = vi.fn(() => new Promise((resolve) => (acknowledge = resolve)));
  const { editing } = begun(operate);
  if (editing.draft) editing.draft.now.topic = "  the bridge ";
  const saving = editing.save();
  expect(operate).toHaveBeenCalledExactlyOnceWith("note", { call: "A", topic: "the bridge" });
  expect(editing.draft?.saving).toBe(true);
  expect(editing.saved).toBeUndefined();
  acknowledge({});
  expect(await saving).toBe(true);
  expect([editing.draft, editing.saved]).toEqual([undefined, "A"]);
});

test("a refusal keeps what was typed and marks the field", async () => {
  const { editing } = begun(() =>
    Promise.reject(new Refused({ code: "too_long", message: "The topic is too long.", field: "topic" })),
  );
  if (editing.draft) editing.draft.now.topic = "long";
  expect(await editing.save()).toBe(false);
  expect(editing.draft).toMatchObject({
    now: { topic: "long" },
    saving: false,
    error: "The topic is too long.",
    wrong: "topic",
  });
  expect(editing.saved).toBeUndefined();
});

test("nothing changed: nothing is sent", async () => {
  const operate = vi.fn();
  const { editing } = begun(operate);
  expect(await editing.save()).toBe(true);
  expect(operate).not.toHaveBeenCalled();
});

test("typing on a card is not begun anew by a second press, and stays with a caller who hangs up", async () => {
  const operate = vi.fn();
  const { editing, notices } = begun(operate);
  if (editing.draft) editing.draft.now.name = "Anna";
  editing.begin(aCard("A", { name: "Ana" }));
  expect(editing.draft?.now.name).toBe("Anna");
  await editing.gone();
  expect(editing.draft).toBeUndefined();
  expect(operate).toHaveBeenCalledWith("note", { call: "A", name: "Anna" });
  expect(notices.list[0]?.text).toContain("Anna hung up");
});
