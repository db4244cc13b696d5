// node press.mjs ADDRESS [OPERATION BODY ANSWER]…: comes in by an address that a desk has printed, as its page does, and asks
// for each operation until the status and words that it is answered with have ANSWER in them.
import { generateKeyPairSync, sign } from "node:crypto";

const [address, ...asked] = process.argv.slice(2);
const at = new URL(address);
const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
const key = publicKey.export({ type: "spki", format: "der" }).subarray(-65).toString("hex");

async function send(path, body) {
  const challenge = (await fetch(at.origin, { method: "HEAD" })).headers.get("Callin-Challenge");
  const signature = sign("sha256", Buffer.from(`${challenge}\n${at.host}`), { key: privateKey, dsaEncoding: "ieee-p1363" });
  const headers = { "Content-Type": "application/json", Authorization: `Callin ${key} ${signature.toString("hex")}` };
  const answer = await fetch(at.origin + path, { method: "POST", headers, body });
  return `${answer.status} ${await answer.text()}`;
}

const entered = await send("/api/session", JSON.stringify({ code: at.searchParams.get("code"), key }));
if (!entered.startsWith("200 ")) throw new Error(entered);
for (let i = 0; i < asked.length; i += 3) {
  const [operation, body, wanted] = asked.slice(i, i + 3);
  for (let tries = 1; ; tries++) {
    const says = await send(`/api/op/${operation}`, body);
    if (says.includes(wanted)) break;
    if (tries === 100) throw new Error(`${operation}: ${says}`);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}
