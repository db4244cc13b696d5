import { long } from "./kit/long";
import { microphone } from "./kit/microphone";
import { near } from "./kit/stage";
import { expect, test } from "./quickstart/test";

test("browser to browser: the callee's pick-up decides", long, async ({ app, phone }) => {
  const alice = await phone("alice");
  const bob = await (await phone("bob")).registers();
  await alice.run("connect({ To: 'bob', Topic: 'a b & c' })");
  await bob.has("incoming from client:alice");
  await alice.has("ringing");
  expect(await alice.happened()).not.toContain("accept");
  expect(await bob.run("call.customParameters.get('Topic')")).toBe("a b & c");
  expect(await bob.run("call.parameters.To")).toBe("client:bob");
  expect(await bob.run("call.callerInfo")).toBeNull();

  await bob.run("call.accept()");
  await alice.has("accept");
  await bob.has("accept");
  await alice.hears(microphone.hz);
  await bob.hears(microphone.hz);
  await alice.run("call.mute(true)");
  await bob.hears(microphone.hz, false);
  await alice.hears(microphone.hz);
  await bob.run("call.disconnect()");
  await alice.has("disconnect");
  await expect
    .poll(() => app.asked.find((a) => a.path === "/ended")?.form)
    .toMatchObject({ DialCallStatus: "completed", DialBridged: "true" });
});

test(
  "two Devices that prefer Opus talk in it; with anybody else the exchange changes it",
  long,
  async ({ phone, stage }) => {
    const opus = { codecPreferences: ["opus", "pcmu"] };
    const alice = await phone("alice", opus);
    const bob = await (await phone("bob", opus)).registers();
    await alice.run("connect({ To: 'bob' })");
    await bob.has("incoming from client:alice");
    await bob.run("call.accept()");
    for (const one of [alice, bob]) {
      await one.has("accept");
      await one.hears(microphone.hz);
      await expect.poll(() => one.run("codecs()")).toEqual(["audio/opus", "audio/opus"]);
    }
    await alice.run("call.disconnect()");
    await bob.has("disconnect");

    const cleo = await (await phone("cleo")).registers();
    await alice.run("connect({ To: 'cleo' })");
    await cleo.has("incoming from client:alice");
    await cleo.run("call.accept()");
    await cleo.hears(microphone.hz);
    await alice.hears(microphone.hz);
    await expect.poll(() => alice.run("codecs()")).toEqual(["audio/opus", "audio/PCMU"]);
    await expect.poll(() => cleo.run("codecs()")).toEqual(["audio/PCMU", "audio/PCMU"]);
    await alice.run("call.disconnect()");

    const to = "+12015550196";
    await stage.request("POST", "/stage/telephones", { number: to, tone: 620 });
    await bob.run(`connect({ To: '${to}' })`);
    await bob.hears(620);
    await expect.poll(() => bob.run("codecs()")).toEqual(["audio/opus", "audio/PCMU"]);
  },
);

test("a callee who rejects, does not answer, or is not there", long, async ({ app, phone }) => {
  const alice = await phone("alice");
  const bob = await (await phone("bob")).registers();
  const ended = () => app.asked.filter((a) => a.path === "/ended").map((a) => a.form.DialCallStatus);

  await alice.run("connect({ To: 'bob' })");
  await bob.has("incoming from client:alice");
  await bob.run("call.reject()");
  await alice.has("disconnect");
  await expect.poll(ended).toEqual(["busy"]);

  await alice.run("connect({ To: 'bob' })");
  await expect
    .poll(async () => (await bob.happened()).filter((h) => h.startsWith("incoming")).length)
    .toBe(2);
  await alice.run("call.disconnect()");
  await bob.has("cancel");
  await expect.poll(ended).toEqual(["busy", "canceled"]);

  await bob.run("device.unregister()");
  await bob.has("unregistered");
  await alice.run("connect({ To: 'bob' })");
  await expect.poll(ended).toEqual(["busy", "canceled", "no-answer"]);

  await alice.run("connect({ To: 'busy' })");
  await alice.has("error 31486");
});

test("browser to telephone, and its keys", long, async ({ app, stage, phone }) => {
  const to = "+12015550190";
  await stage.request("POST", "/stage/telephones", { number: to, tone: 620 });
  const alice = await phone("alice");
  await alice.run(`connect({ To: '${to}' })`);
  await alice.has("accept");
  await alice.hears(620);
  const calls = await app.client.calls.list({ to });
  expect(calls.map((c) => [c.status, c.direction, c.from])).toEqual([
    ["in-progress", "outbound-dial", stage.rehearsal.listeners_number],
    ["in-progress", "inbound", "client:alice"],
  ]);
  const sid = calls[0]?.sid ?? "";
  await expect
    .poll(async () => near((await stage.state(sid)).hearing.tones, microphone.hz), { intervals: [100] })
    .toBe(true);
  await alice.run("call.disconnect()");
  await expect.poll(async () => (await app.client.calls(sid).fetch()).status).toBe("completed");
});

test(
  "telephone to browser: every Device of the identity rings, the first to accept has it",
  long,
  async ({ stage, phone }) => {
    const one = await (await phone("alice")).registers();
    const other = await (await phone("alice")).registers();
    const caller = await stage.ring({ number: "+12015550191", tone: 1800 });
    await one.has("incoming from +12015550191");
    await other.has("incoming from +12015550191");
    expect(await other.run("call.callerInfo.isVerified")).toBe(true);
    await other.run("call.accept()");
    await other.hears(1800);
    await one.has("cancel");
    await caller.hears(microphone.hz);
    await caller.hangUp();
    await other.has("disconnect");
  },
);

test("a call that rings is picked up elsewhere by its connect token", long, async ({ stage, phone }) => {
  const one = await (await phone("alice")).registers();
  const other = await phone("alice");
  const caller = await stage.ring({ number: "+12015550192", tone: 1800 });
  await one.has("incoming from +12015550192");
  const token = await one.run<string>("call.connectToken");
  await other.run(`device.connect({ connectToken: ${JSON.stringify(token)} }).then(watch).then(() => {})`);
  await other.hears(1800);
  await one.has("cancel");
  await caller.hears(microphone.hz);
});

test("a page and its application send each other messages in a call", long, async ({ app, stage, phone }) => {
  const alice = await (await phone("alice")).registers();
  await stage.ring({ number: "+12015550193", tone: 1800 });
  await alice.has("incoming from +12015550193");
  await alice.run("call.accept()");
  await alice.hears(1800);
  const sid = await alice.run<string>("call.parameters.CallSid");
  await app.client.calls(sid).userDefinedMessageSubscriptions.create({ callback: `${app.address}/said` });
  const sent = await alice.run<string>(
    "call.sendMessage({ content: { topic: 'rain' }, messageType: 'user-defined-message' })",
  );
  await alice.has("sent");
  await expect
    .poll(() => app.asked.find((a) => a.path === "/said")?.form)
    .toMatchObject({ Content: '{"topic":"rain"}', Sid: sent });
  const told = await app.client.calls(sid).userDefinedMessages.create({ content: '{"next":"Ana"}' });
  await alice.has(`message {"next":"Ana"} ${told.sid}`);
});

test("a token is renewed in a call that goes on", long, async ({ stage, phone }) => {
  const alice = await (await phone("alice", {}, 13)).registers();
  await stage.ring({ number: "+12015550194", tone: 1800 });
  await alice.has("incoming from +12015550194");
  await alice.run("call.accept()");
  await alice.has("token renewed");
  await alice.page.waitForTimeout(3_000); // past the first token's end
  await alice.hears(1800);
  expect(await alice.happened()).not.toContain("disconnect");
});

test(
  "a Device finds its call again after its socket was lost, and preflight passes",
  long,
  async ({ stage, phone }) => {
    const alice = await (await phone("alice")).registers();
    await stage.ring({ number: "+12015550195", tone: 1800 });
    await alice.has("incoming from +12015550195");
    await alice.run("call.accept()");
    await alice.hears(1800);
    await stage.request("POST", "/stage/signalling/cut");
    await alice.has("reconnecting", "reconnected");
    await alice.hears(1800);
    await alice.run("call.disconnect()");

    const report = await alice.run<object>(`new Promise(async (done, failed) => {
    const test = Twilio.Device.runPreflight(await (await fetch("/token/alice")).text());
    test.on("completed", ({ callQuality, edge, isTurnRequired }) => done({ callQuality, edge, isTurnRequired }));
    test.on("failed", failed);
  })`);
    expect(report).toEqual({
      callQuality: expect.stringMatching(/excellent|great/),
      edge: "ashburn",
      isTurnRequired: false,
    });
  },
);
