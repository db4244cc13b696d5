import { expect, test, vi } from "vitest";
import { answerLook } from "./asked";

const findings = [{ id: "microphone", state: "fine", what: "It is open.", tookMs: 1 }];
vi.mock("./pagelook", () => ({ lookAtPage: async () => findings }));

const page = (isOnAnotherPage: boolean) => {
  const operate = vi.fn(async () => {
    throw new Error("Nobody waits for what this page has found.");
  });
  return { operate, desk: { backend: { operate }, deskPhone: { isOnAnotherPage } } as never };
};

test("a page tells what it finds, and that another was first is nobody's trouble", async () => {
  const { desk, operate } = page(false);
  await answerLook(desk, "q1");
  expect(operate.mock.calls).toEqual([["looked", { look: "q1", findings }]]);
});

test("the page that has the desk's phone tells, and no other of its pages", async () => {
  const { desk, operate } = page(true);
  await answerLook(desk, "q1");
  expect(operate).not.toHaveBeenCalled();
});
