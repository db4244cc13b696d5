// An authority that vouches for the time (RFC 3161), of certificate CERT and its key KEY; its folder is DIR, and the
// port on loopback is what it prints: node timestamp.mjs DIR CERT KEY
import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";

const [dir, cert, key] = process.argv.slice(2);
const at = (name) => join(dir, name);
writeFileSync(at("serial"), "01\n");
writeFileSync(
  at("authority.conf"),
  `[tsa]
default_tsa = it
[it]
serial = ${at("serial")}
default_policy = 1.2.3.4
digests = sha256
signer_digest = sha256
ess_cert_id_alg = sha256
`,
);
const server = createServer(async (request, response) => {
  const asked = [];
  for await (const part of request) asked.push(part);
  writeFileSync(at("asked"), Buffer.concat(asked));
  const words = ["ts", "-reply", "-config", at("authority.conf"), "-queryfile", at("asked"), "-signer", cert, "-inkey", key];
  response.setHeader("Content-Type", "application/timestamp-reply");
  response.end(execFileSync("openssl", words, { stdio: "pipe" }));
});
server.listen(0, "127.0.0.1", () => console.log(server.address().port));
