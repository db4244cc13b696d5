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

test("lists, days, texts, keys and refusals by twilio-node", async ({ rehearsal }) => {
  const client = twilio(rehearsal.account_sid, rehearsal.auth_token);
  client.api.baseUrl = client.monitor.baseUrl = rehearsal.address;
  const [to, from] = [telephones[0] ?? "", rehearsal.listeners_number];

  // Deleted while they are walked: each comes once, and none is left.
  for (let i = 0; i < 7; i++) await client.queues.create({ friendlyName: `queue ${i}` });
  let walked = 0;
  type Queues = Pick<Awaited<ReturnType<typeof client.queues.page>>, "instances" | "nextPage">;
  let page: Queues | undefined = await client.queues.page({ pageSize: 2 });
  while (page) {
    for (const queue of page.instances) await client.queues(queue.sid).remove();
    walked += page.instances.length;
    page = await page.nextPage();
  }
  expect(walked).toBe(7);
  await expect(client.queues.page({ pageToken: "nonsense" })).rejects.toMatchObject({ code: 21481 });

  // A day is a day, also when it is sent as its midnight.
  const call = await client.calls.create({ to, from, twiml: "<Response><Pause length='60'/></Response>" });
  const sid = call.sid;
  await expect.poll(async () => (await client.calls(sid).fetch()).status).toBe("in-progress");
  const started = (await client.calls(sid).fetch()).startTime;
  const midnight = new Date(started.toISOString().slice(0, 10));
  const before = new Date(midnight.getTime() - 24 * 3600 * 1000);
  expect((await client.calls.list({ startTime: midnight })).map((c) => c.sid)).toEqual([sid]);
  expect((await client.calls.list({ startTime: before })).length).toBe(0);
  expect((await client.calls.list({ startTimeAfter: midnight })).length).toBe(1);
  expect((await client.calls.list({ startTimeBefore: midnight })).length).toBe(0);

  // Texts: sent, received, refused.
  const text = await client.messages.create({ from, to, body: "Sorry" });
  expect(text.status).toBe("queued");
  expect((await client.messages(text.sid).fetch()).status).toBe("delivered");
  await new Stage(rehearsal).request("POST", "/stage/messages", { from: to, body: "Hi" });
  const received = await client.messages.list({ from: to });
  expect(received.map((m) => [m.direction, m.status, m.body])).toEqual([["inbound", "received", "Hi"]]);
  const refuse = (change: object) => client.messages.create({ from, to, body: "x", ...change });
  await expect(refuse({ from: "+12025550199" })).rejects.toMatchObject({ code: 21606 });
  await expect(refuse({ to: "nobody" })).rejects.toMatchObject({ code: 21211 });

  // Numbers, calls and participants.
  const number = (await client.incomingPhoneNumbers.list({ phoneNumber: from }))[0]?.sid ?? "";
  const set = (voiceMethod: string) => client.incomingPhoneNumbers(number).update({ voiceMethod });
  expect((await set("get")).voiceMethod).toBe("GET");
  await expect(set("put")).rejects.toMatchObject({ code: 21403 });
  const twiml = "<Response/>";
  await expect(client.calls.create({ to, from, twiml, sendDigits: "1,2" })).rejects.toMatchObject({
    code: 21206,
  });
  const invite = client.conferences("tour").participants.create({ to, from, maxParticipants: 251 });
  await expect(invite).rejects.toMatchObject({ code: 20001 });
  await expect(client.queues.create({ friendlyName: "q", maxSize: 5001 })).rejects.toMatchObject({
    code: 20001,
  });
  const missing = `/2010-04-01/Accounts/${rehearsal.account_sid}/Calls/CA0.json`;
  await expect(client.calls("CA0").fetch()).rejects.toMatchObject({
    code: 20404,
    message: expect.stringContaining(missing),
  });

  // A Standard key reads calls, and neither keys nor accounts.
  const key = await client.newKeys.create();
  const standard = twilio(key.sid, key.secret, { accountSid: rehearsal.account_sid });
  standard.api.baseUrl = rehearsal.address;
  expect((await standard.calls.list()).length).toBe(1);
  await expect(standard.keys.list()).rejects.toMatchObject({ code: 20003, status: 401 });
  await expect(standard.api.v2010.account.fetch()).rejects.toMatchObject({ code: 20003 });

  // Alerts, page by page.
  const nowhere = "http://127.0.0.1:1/";
  for (let i = 0; i < 3; i++) await client.calls.create({ to, from, url: nowhere });
  await expect.poll(async () => (await client.monitor.v1.alerts.list({ pageSize: 1 })).length).toBe(3);
  const [alert] = await client.monitor.v1.alerts.list({ logLevel: "error", startDate: midnight, limit: 1 });
  expect(alert?.requestUrl).toBe(nowhere);
  expect((await client.monitor.v1.alerts(alert?.sid ?? "").fetch()).errorCode).toBe(alert?.errorCode);
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
