import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { test as base, expect } from "@playwright/test";
import twilio from "twilio";
import { Process } from "./kit/process";
import { type Rehearsal, Stage } from "./kit/stage";

// The same tour by Twilio's own libraries for two more languages; twilio-go's is among the Go
// tests. Each is pointed at the rehearsal by the address of its api domain, and by nothing else.

const telephones = ["+12015550181", "+12015550182", "+12015550183"];

const test = base.extend<{ rehearsal: Rehearsal }>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright wants the pattern
  rehearsal: async ({}, use) => {
    const process = await Process.start(["rehearsal"], {});
    const hello = JSON.parse(process.firstLine) as Rehearsal;
    const stage = new Stage(hello);
    for (const number of telephones) await stage.request("POST", "/stage/telephones", { number, tone: 620 });
    try {
      await use(hello);
    } finally {
      await process.end();
    }
  },
});

const enqueue = "<Response><Enqueue>tour</Enqueue></Response>";
const meet = "<Response><Dial><Conference beep='false'>tour</Conference></Dial></Response>";

test("the tour by twilio-node", async ({ rehearsal }) => {
  const client = twilio(rehearsal.account_sid, rehearsal.auth_token);
  client.api.baseUrl = rehearsal.address;
  expect((await client.api.v2010.account.fetch()).status).toBe("active");

  const queue = await client.queues.create({ friendlyName: "tour", maxSize: 10 });
  expect(queue).toMatchObject({ friendlyName: "tour", maxSize: 10, currentSize: 0, averageWaitTime: 0 });
  const from = rehearsal.listeners_number;
  for (const to of telephones) await client.calls.create({ to, from, twiml: enqueue });
  const members = client.queues(queue.sid).members;
  await expect.poll(async () => (await members.list()).length).toBe(3);
  const waiting = await members.list({ pageSize: 1 }); // page by page, to the end
  expect(waiting.map((m) => m.position)).toEqual([1, 2, 3]);
  expect((await client.queues(queue.sid).fetch()).currentSize).toBe(3);
  const first = await client.queues(queue.sid).members("Front").fetch();
  expect(first.callSid).toBe(waiting[0]?.callSid);

  const [a, b, c] = waiting.map((m) => m.callSid) as [string, string, string];
  for (const sid of [a, b]) await client.calls(sid).update({ twiml: meet });
  const conferences = () => client.conferences.list({ friendlyName: "tour", status: "in-progress" });
  await expect.poll(async () => (await conferences()).length).toBe(1);
  const [conference] = await conferences();
  const room = client.conferences(conference?.sid ?? "");
  await expect.poll(async () => (await room.participants.list()).length).toBe(2);

  expect((await room.participants(a).update({ hold: true })).hold).toBe(true);
  expect((await room.participants(b).update({ muted: true })).muted).toBe(true);
  expect((await room.participants.list({ hold: true })).map((p) => p.callSid)).toEqual([a]);
  expect((await room.participants.list({ muted: true })).map((p) => p.callSid)).toEqual([b]);

  const recording = await client.calls(a).recordings.create();
  expect(recording.status).toBe("in-progress");
  const change = (status: "paused" | "in-progress" | "stopped") =>
    client.calls(a).recordings(recording.sid).update({ status });
  expect((await change("paused")).status).toBe("paused");
  expect((await change("in-progress")).status).toBe("in-progress");
  await change("stopped");
  await expect.poll(async () => (await client.recordings(recording.sid).fetch()).status).toBe("completed");
  expect((await client.recordings.list({ callSid: a })).map((r) => r.sid)).toEqual([recording.sid]);
  expect(await client.recordings(recording.sid).remove()).toBe(true);

  await expect(client.queues(queue.sid).remove()).rejects.toMatchObject({ code: 22004 });
  expect((await room.update({ status: "completed" })).status).toBe("completed");
  await client.calls(c).update({ status: "completed" });
  for (const sid of [a, b, c])
    await expect.poll(async () => (await client.calls(sid).fetch()).status).toBe("completed");
  expect((await client.calls.list({ status: "completed", from })).length).toBe(3);
  expect(await client.queues(queue.sid).remove()).toBe(true);
  await expect(client.queues(queue.sid).fetch()).rejects.toMatchObject({ code: 20404, status: 404 });
});

test("the tour by python3-twilio", async ({ rehearsal }) => {
  const script = fileURLToPath(new URL("./tour/tour.py", import.meta.url));
  const { stdout } = await promisify(execFile)("/usr/bin/python3", [
    script,
    JSON.stringify(rehearsal),
    ...telephones,
  ]);
  expect(stdout).toBe("the tour is done\n");
});
