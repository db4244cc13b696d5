// @vitest-environment happy-dom
import { expect, test } from "vitest";
import type { SignalDoor, SignalEvent } from "../backend/backend";
import { bridge } from "./signal";

/** A window's end of the bridge, whose every answer is given by the test. */
function aDoor() {
  const sent: string[] = [];
  const closed: string[] = [];
  let tell: (event: SignalEvent) => void = () => {};
  let opened: (id: string) => void = () => {};
  const pending: (() => void)[] = [];
  const door: SignalDoor = {
    open: () =>
      new Promise((resolve) => {
        opened = resolve;
      }),
    send: (_, frame) =>
      new Promise((resolve) => {
        sent.push(frame);
        pending.push(resolve);
      }),
    close: async (id) => void closed.push(id),
    listen: (on) => {
      tell = on;
      return () => {};
    },
  };
  return {
    door,
    sent,
    closed,
    open: (id: string) => opened(id),
    tell: (event: SignalEvent) => tell(event),
    done: () => pending.shift()?.(),
  };
}

const event = (socket: EventTarget, name: string) =>
  new Promise<Event>((resolve) => socket.addEventListener(name, resolve, { once: true }));
const settled = () => new Promise((resolve) => setTimeout(resolve));

test("frames go out in order, each after the one before it, and come in for this socket only", async () => {
  const far = aDoor();
  const socket = new (bridge(far.door))("wss://elsewhere/signal");
  const open = event(socket, "open");
  far.open("7");
  await open;
  socket.send("listen");
  socket.send("invite");
  await settled();
  expect(far.sent).toEqual(["listen"]);
  far.done();
  await settled();
  expect(far.sent).toEqual(["listen", "invite"]);

  const got: string[] = [];
  socket.addEventListener("message", (m) => got.push(m.data));
  far.tell({ id: "8", frame: "another's" });
  far.tell({ id: "7", frame: "\n" });
  expect(got).toEqual(["\n"]);
});

test("a connection that breaks is closed with its code, once", async () => {
  const far = aDoor();
  const socket = new (bridge(far.door))("wss://elsewhere/signal");
  far.open("7");
  await event(socket, "open");
  const codes: number[] = [];
  socket.addEventListener("close", (c) => codes.push(c.code));
  far.tell({ id: "7", closed: true, code: 1006 });
  socket.close();
  expect(codes).toEqual([1006]);
  expect(socket.readyState).toBe(WebSocket.CLOSED);
});

test("a socket closed before it was open leaves no connection behind", async () => {
  const far = aDoor();
  const socket = new (bridge(far.door))("wss://elsewhere/signal");
  socket.close();
  far.open("7");
  await settled();
  expect(far.closed).toEqual(["7"]);
});
