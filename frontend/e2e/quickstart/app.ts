/**
 * A small application as Twilio's quickstarts are written: an Express server with the twilio
 * package, and pages with the Voice SDK. Of the rehearsal it knows the host only.
 */
import { once } from "node:events";
import { readFileSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import express from "express";
import twilio from "twilio";
import { microphone } from "../kit/microphone";
import type { Rehearsal } from "../kit/stage";

const sdk = fileURLToPath(
  new URL("../../node_modules/@twilio/voice-sdk/dist/twilio.min.js", import.meta.url),
);
const page = readFileSync(fileURLToPath(new URL("./page.html", import.meta.url)), "utf8");
const { AccessToken } = twilio.jwt;
const { VoiceResponse } = twilio.twiml;

export interface Asked {
  path: string;
  form: Record<string, string>;
}

export async function quickstart(host: Rehearsal) {
  const client = twilio(host.account_sid, host.auth_token);
  client.api.baseUrl = host.address;
  const asked: Asked[] = [];
  const web = express();
  web.use(express.urlencoded({ extended: false }));
  web.use((request, _response, next) => {
    if (request.method === "POST") asked.push({ path: request.path, form: { ...request.body } });
    next();
  });
  const server = web.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  const application = await client.applications.create({
    friendlyName: "Quickstart",
    voiceUrl: `${address}/voice`,
    voiceMethod: "POST",
  });
  const [number] = await client.incomingPhoneNumbers.list({ phoneNumber: host.listeners_number });
  await client
    .incomingPhoneNumbers(number?.sid ?? "")
    .update({ voiceUrl: `${address}/voice`, voiceMethod: "POST" });
  const key = await client.newKeys.create({ friendlyName: "Quickstart" });

  web.get("/", (_request, response) => {
    response.type("html").send(page.replace("HOST", host.address.replace("http://", "ws://")));
  });
  web.get("/twilio.min.js", (_request, response) => response.sendFile(sdk));
  web.get("/token/:identity", (request, response) => {
    const token = new AccessToken(host.account_sid, key.sid, key.secret, {
      identity: request.params.identity,
      ttl: Number(request.query.ttl ?? 3600),
    });
    token.addGrant(
      new AccessToken.VoiceGrant({ outgoingApplicationSid: application.sid, incomingAllow: true }),
    );
    response.send(token.toJwt());
  });
  web.post("/voice", (request, response) => {
    const twiml = new VoiceResponse();
    const to: string = request.body.To;
    if (to === "busy") {
      twiml.reject({ reason: "busy" });
    } else if (!to) {
      twiml.play({ loop: 5 }, `${address}/tone.wav`); // a preflight's
    } else if (to === host.listeners_number) {
      twiml.dial({ action: "/ended", answerOnBridge: true, timeout: 10 }).client("alice");
    } else if (to.startsWith("+")) {
      twiml.dial({ action: "/ended", answerOnBridge: true, callerId: host.listeners_number }, to);
    } else {
      const dial = twiml.dial({
        action: "/ended",
        answerOnBridge: request.body.Early !== "yes",
        timeout: Number(request.body.Timeout ?? 10),
      });
      const callee = dial.client();
      callee.identity(to);
      callee.parameter({ name: "Topic", value: request.body.Topic ?? "" });
    }
    response.type("xml").send(twiml.toString());
  });
  web.get("/tone.wav", (_request, response) => response.sendFile(microphone.file));
  web.post("/ended", (_request, response) => {
    response.type("xml").send(new VoiceResponse().toString());
  });
  web.post("/said", (_request, response) => {
    response.sendStatus(204);
  });
  return {
    address,
    asked,
    client,
    close: () =>
      new Promise<void>((closed) => {
        server.closeAllConnections();
        server.close(() => closed());
      }),
  };
}
