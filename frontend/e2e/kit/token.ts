import { createHmac } from "node:crypto";
import type { Page } from "@playwright/test";
import type { House } from "./test";

/** What Callin answers a page that asks for a token. */
export interface Token {
  token: string;
  identity: string;
  ttlSeconds: number;
}

export type Claims = Record<string, unknown> & {
  exp: number;
  grants: { voice: { outgoing: { application_sid: string } } };
};

export const decode = (part: string): Record<string, unknown> =>
  JSON.parse(Buffer.from(part, "base64url").toString()) as Record<string, unknown>;
const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString("base64url");

/** Signs other claims with an API key of the same account, or with a wrong secret. */
export async function forgedToken(
  house: House,
  token: string,
  forge: (c: Claims) => Claims,
  secret?: string,
): Promise<string> {
  const answer = await house.stage.request(
    "POST",
    `/2010-04-01/Accounts/${house.stage.rehearsal.account_sid}/Keys.json`,
  );
  const key = (await answer.json()) as { sid: string; secret: string };
  const [head, body] = token.split(".") as [string, string];
  const claims = forge({ ...(decode(body) as Claims), iss: key.sid, jti: `${key.sid}-forged` });
  const signed = `${head}.${encode(claims)}`;
  return `${signed}.${createHmac("sha256", secret ?? key.secret)
    .update(signed)
    .digest("base64url")}`;
}

/** How long a short token lasts, in s: the SDK asks for another 10 s before. */
const short = 18;

/** Makes a page's tokens end soon, those that it has from now on until this is ended. Counts them. */
export async function shortTokens(page: Page, house: House) {
  const tokens = { given: 0, ended: false };
  await page.route("**/api/op/token", async (route) => {
    if (tokens.ended) return route.continue();
    tokens.given++;
    const good = await route.fetch();
    const token = (await good.json()) as Token;
    const exp = Math.floor(Date.now() / 1000) + short;
    const forged = await forgedToken(house, token.token, (claims) => ({ ...claims, exp }));
    await route.fulfill({ response: good, json: { ...token, token: forged } });
  });
  return tokens;
}
